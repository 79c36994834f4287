import random

from faker import Faker

from cep_portal.territories.rules import fold_name

PHONE = "06 39 98 {:02d} {:02d}"  # range kept for fiction


class Names:
    """People who do not exist: faker's French names, an address under .example, a phone for fiction."""

    def __init__(self, rng: random.Random) -> None:
        faker = Faker("fr_FR")
        faker.seed_instance(rng.randrange(2**32))
        self._rng = rng
        self._first = sorted({faker.first_name() for _ in range(400)})
        self._last = sorted({faker.last_name() for _ in range(800)})
        self._folded = {name: fold_name(name).replace(" ", ".") for name in self._first + self._last}

    def person(self, number: int | str) -> tuple[str, str, str, str]:
        """First name, last name, address (unique by its number), phone."""
        first, last = self._rng.choice(self._first), self._rng.choice(self._last)
        email = f"{self._folded[first]}.{self._folded[last]}.{number}@personnes.example"
        return first, last, email, PHONE.format(self._rng.randrange(100), self._rng.randrange(100))
