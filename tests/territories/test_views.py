from django.urls import reverse

URL = reverse("territories:commune_search")


def test_search_answers_radios_to_htmx(client, towns):
    response = client.get(URL, {"commune_text": "st denis"}, headers={"HX-Request": "true"})

    content = response.content.decode()
    assert content.count('type="radio"') == 2
    assert "<html" not in content
    assert "field-error" not in content
    assert "HX-Request" in response["Vary"]


def test_search_is_a_page_without_javascript(client, towns):
    content = client.get(URL, {"commune_text": "97150"}).content.decode()

    assert "Saint-Martin n’est pas dans les 18 régions du service" in content
    assert content.count("<h1>") == 1


def test_search_page_without_question(client, db):
    assert client.get(URL).status_code == 200
