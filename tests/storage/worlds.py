"""A small world of laptops that state, edit and clash, made by chance: what the law of merging is tried on."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

from pessdesk.domain import hlc
from pessdesk.domain.model import Attachment, Consent, Contribution, Erasure, Person, Tally
from pessdesk.records.codec import to_content
from pessdesk.records.envelope import Revision, make_revision
from pessdesk.records.merge import merged_view

WORKSHOP = "01900000-0000-7000-8000-000000000001"
ACTOR = "01900000-0000-7000-8000-000000000002"
DEVICES = ("a" * 64, "b" * 64, "c" * 64)
NAMES = ("Montserrat Ferrer i Güell", "Iu Soler")
WORDS = ("transport", "col·legi", "atenció", "gent gran")


@dataclass
class Laptop:
    """Knows some revisions, states new ones; its clock may be anywhere."""

    device: str
    clock: int
    known: dict[str, Revision] = field(default_factory=dict)
    counter: int = 0

    def state(self, kind: str, record: str, content: dict[str, object], parents: tuple[str, ...] = ()) -> Revision:
        self.counter += 1
        self.clock += 1
        made = make_revision(
            kind=kind,
            record=record,
            parents=parents,
            device=self.device,
            epoch=1,
            counter=self.counter,
            hlc=hlc.pack(self.clock, 0),
            actor=ACTOR,
            content=content,
            salt=f"{self.counter:032x}" if kind in ("person", "consent") else "",
        )
        self.known[made.id] = made
        return made

    def history(self, record: str) -> list[Revision]:
        return [r for r in self.known.values() if r.record == record]


@st.composite
def worlds(draw: st.DrawFn) -> list[Revision]:
    """Everything that three laptops stated while they recorded, edited and exchanged at random."""
    laptops = [Laptop(device, draw(st.integers(1, 50))) for device in DEVICES]
    records = 0
    for _ in range(draw(st.integers(1, 14))):
        laptop = draw(st.sampled_from(laptops))
        action = draw(st.sampled_from(("new", "edit", "edit", "settle", "meet", "tally", "photo", "person", "erase")))
        seen = sorted({r.record for r in laptop.known.values() if r.kind == "contribution"})
        people = sorted({r.record for r in laptop.known.values() if r.kind == "person"})
        if action == "person":
            records += 2
            person = draw(st.sampled_from([f"01900000-0000-7000-9000-{records:012d}", *people]))
            if person not in people:
                laptop.state("person", person, to_content(Person(WORKSHOP, draw(st.sampled_from(NAMES)))))
            given = Consent(WORKSHOP, person, ("attendance",), "participants", "1", "ca", "2026-03-12", "paper")
            laptop.state("consent", f"01900000-0000-7000-9000-{records - 1:012d}", to_content(given))
        elif action == "new" or not seen:
            records += 1
            record = f"01900000-0000-7000-9000-{records:012d}"
            said = Contribution(WORKSHOP, f"PESS-04-260312-7K-AB{records:03d}", draw(st.sampled_from(WORDS)))
            laptop.state("contribution", record, to_content(said))
        elif action == "meet":
            laptop.known |= draw(st.sampled_from(laptops)).known
        elif action == "tally":
            value = to_content(Tally(WORKSHOP, draw(st.sampled_from(seen)), "votes", draw(st.integers(0, 9))))
            records += 1
            laptop.state("tally", f"01900000-0000-7000-9000-{records:012d}", value)
        elif action == "photo":
            records += 1
            file = to_content(Attachment(WORKSHOP, draw(st.sampled_from(seen)), "a" * 64, "jpg", 1, "image/jpeg", "x"))
            laptop.state("attachment", f"01900000-0000-7000-9000-{records:012d}", file)
        elif action == "erase" and draw(st.integers(0, 5)) == 0:
            records += 1
            value = to_content(Erasure((draw(st.sampled_from([*seen, *people])),), "prova"))
            laptop.state("erasure", f"01900000-0000-7000-9000-{records:012d}", value)
        else:
            record = draw(st.sampled_from(seen))
            view = merged_view(laptop.history(record))
            change = draw(st.sampled_from(({"text": draw(st.sampled_from(WORDS))}, {"title": "Un altre títol"})))
            parents = view.heads if action == "settle" else (view.winner,)
            laptop.state("contribution", record, {**view.content, **change}, parents)
    return list({r.id: r for laptop in laptops for r in laptop.known.values()}.values())
