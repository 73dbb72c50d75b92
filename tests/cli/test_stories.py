"""What people do, from the first row to the last bundle, by the commands that they use."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from pessdesk.bootstrap import Program
from pessdesk.cli.main import main
from tests.cli.conftest import Laptop, run

Rows = "text,title,kind,line,votes,group"


def test_a_day_of_a_workshop(one: Laptop, tmp_path: Path) -> None:
    sheet = tmp_path / "day.csv"
    rows = (
        '"Més places al col·legi d\'Àger",Escola,Proposta,4.1,3,1',
        '"Transport a la demanda",,need,4.3;4.5,,2',
        '"Transport a la demanda",,need,4.3;4.5,,2',
    )
    codes = one.record(sheet, *rows, header=Rows)
    assert len(set(codes)) == 3, "what stands twice in the sheet was said twice"
    assert one.ok("record", "--workshop", one.codes()[0], sheet) == [], "the same file adds nothing"
    longer = tmp_path / "longer.csv"
    assert len(one.record(longer, *rows, rows[1], header=Rows)) == 1, "a third equal row is one more"

    edited = one.ok("edit", codes[0], "--text", "Més places al COL\u00b7LEGI d'Àger i Tremp")[0]
    assert edited["changed"]
    photo = tmp_path / "paper.JPG"
    photo.write_bytes(b"\xff\xd8\xff not really a photo")
    attached = one.ok("attach", codes[0], photo)[0]["id"]
    assert one.ok("attach", codes[0], photo)[0]["id"] == attached, "the same file twice is one"

    for words in ("col·legi", "collegi", "COL\u2027LEGI", "ager tremp", "mes plac"):
        assert [row["code"] for row in one.ok("search", words)[0]] == [codes[0]], words
    assert one.ok("search", "Escola")[0][0]["lines"] == one.ok("search", "plac")[0][0]["lines"] != []
    assert one.ok("withdraw", codes[1])[0]["changed"]
    assert not one.ok("withdraw", codes[1])[0]["changed"]
    stats = one.stats
    assert (stats["contributions"], stats["withdrawn"], stats["attachments"], stats["votes"]) == (3, 1, 1, 3)
    assert one.ok("check")[0]["ok"]


def test_an_edit_names_lines_as_a_sheet_does(one: Laptop, tmp_path: Path) -> None:
    code = one.record(tmp_path / "s.csv", "a,4.1", "b,", header="text,line")
    given = one.ok("search", "a")[0][0]["lines"]
    assert given != ["4.1"], "a line is kept by its id, which outlives its code"
    assert one.ok("edit", code[1], "--line", "4.1")[0]["changed"]
    assert one.ok("search", "b")[0][0]["lines"] == given
    assert not one.ok("edit", code[1], "--line", given[0])[0]["changed"]
    assert one.ok("edit", code[1], "--line", "")[0]["changed"]
    assert one.ok("search", "b")[0][0]["lines"] == []


def test_workshop_list_is_one_array(one: Laptop) -> None:
    lines = one.ok("workshop", "list")
    assert len(lines) == 1
    assert len({workshop["code"] for workshop in lines[0]}) == 3


def test_an_unplanned_workshop(one: Laptop, tmp_path: Path) -> None:
    made = one.ok("workshop", "new", "--title", "Trobada", "--date", "2026-05-02", "--municipality", "Àger")[0]
    sheet = tmp_path / "s.csv"
    sheet.write_text("text\nHola\n", encoding="utf-8")
    by_code = one.ok("record", "--workshop", made["code"], sheet)
    assert len(by_code) == 1
    assert one.ok("record", "--workshop", made["id"], sheet) == [], "the id names the same workshop"


def test_verify_says_what_a_bundle_is_worth(one: Laptop, office: Laptop, tmp_path: Path) -> None:
    one.record(tmp_path / "s.csv", "Hola")
    bundle = Path(one.export(tmp_path / "out")["files"][0])
    assert run("verify", "--trust", office.folder / "trust", bundle).code == 0
    unknown = run("verify", bundle)
    assert (unknown.code, unknown.lines[0]["code"]) == (3, "signer-unknown")
    data = bytearray(bundle.read_bytes())
    data[len(data) // 2] ^= 1
    altered = tmp_path / "altered.asice"
    altered.write_bytes(data)
    refused = run("verify", "--trust", office.folder / "trust", altered)
    assert (refused.code, refused.lines[0]["outcome"]) == (4, "reject")
    assert run("verify", tmp_path / "nowhere.asice").code == 2
    assert run("verify", bundle, altered, tmp_path / "nowhere.asice").code == 4, "the worst bundle decides"


def test_trust_is_given_by_card(one: Laptop, fresh: Laptop, office: Laptop, tmp_path: Path) -> None:
    one.record(tmp_path / "s.csv", "Hola")
    bundle = one.export(tmp_path / "out")["files"][0]
    card = tmp_path / "one.pem"
    shown = one.ok("device", "card", "--to", card)[0]
    first = fresh("import", bundle)
    assert first.code == 3
    assert fresh.stats["quarantined"] == 1
    wrong = fresh("trust", "add", card, "--fingerprint", "00000 00000 00000 00000")
    assert (wrong.code, wrong.trouble["error"]) == (5, "fingerprint-differs")
    assert fresh.ok("trust", "add", card, "--fingerprint", shown["fingerprint"].lower())[0]["added"]
    assert not fresh.ok("trust", "add", card)[0]["added"]
    assert fresh.ok("import", bundle)[0]["outcome"] == "accepted"
    assert fresh.stats["quarantined"] == 0
    assert run("trust", "add", "--trust", tmp_path / "cards", card).lines[0]["added"]
    assert run("verify", "--trust", tmp_path / "cards", bundle).code == 0


def test_a_plan_writes_nothing_and_comes_true(one: Laptop, office: Laptop, tmp_path: Path) -> None:
    photo = tmp_path / "p.png"
    photo.write_bytes(b"\x89PNG")
    one.record(tmp_path / "s.csv", "Hola,p.png", "Adéu,", header="text,photo")
    bundle = one.export(tmp_path / "out")["files"][0]
    before = office.files()
    planned = office.ok("import", "--plan", bundle)[0]
    assert office.files() == before
    done = office.ok("import", bundle)[0]
    assert planned == done
    assert (done["new"], done["known"]) == (len(office_new(one)), 0)
    digest, stats = office.digest, office.stats
    again = office.ok("import", bundle)[0]
    assert (again["outcome"], again["new"]) == ("known", 0)
    assert (office.digest, office.stats) == (digest, stats)
    renamed = tmp_path / "renamed.asice"
    renamed.write_bytes(Path(bundle).read_bytes())
    assert office.ok("import", renamed)[0]["outcome"] == "known"
    assert stats["attachments"] == 1


def office_new(laptop: Laptop) -> list[bytes]:
    """What a laptop states of its first workshop, and its own name."""
    with Program().desk(laptop.folder, write=False) as desk, desk.store.read() as unit:
        workshop = unit.workshops()[0]["record"]
        return [*unit.made_by(desk.device, [workshop]), b"its own name"]


def clashing(world: Callable[[str], Laptop], tmp_path: Path) -> tuple[str, list[str]]:
    """Laptop two takes one's bundle; both edit; all that was handed over."""
    one, two = world("one"), world("two")
    code = one.record(tmp_path / "s.csv", "Hola", "Una altra")[0]
    first = one.export(tmp_path / "out")["files"][0]
    two.ok("import", first)
    one.ok("edit", code, "--text", "Hola (1)")
    two.ok("edit", code, "--text", "Hola (2)")
    bundles = [first, one.export(tmp_path / "out")["files"][0], two.export(tmp_path / "out")["files"][0]]
    return code, bundles


def test_a_clash_is_listed_and_settled_everywhere(world: Callable[[str], Laptop], tmp_path: Path) -> None:
    code, bundles = clashing(world, tmp_path)
    office, three = world("office"), world("three")
    planned = [line["clashing"] for line in office.ok("import", "--plan", *bundles)]
    assert planned == [line["clashing"] for line in office.ok("import", *bundles)]
    three.ok("import", *reversed(bundles))
    assert office.digest == three.digest, "the order of arrival does not matter"
    clash = office.ok("clash", "list")[0][0]
    assert (clash["code"], clash["field"]) == (code, "text")
    assert sorted(claim["value"] for claim in clash["claims"]) == ["Hola (1)", "Hola (2)"]
    assert sorted(claim["label"] for claim in clash["claims"]) == ["one", "two"]
    assert office.stats["clashes"] == 1
    wanted = 1 + [claim["value"] for claim in clash["claims"]].index("Hola (2)")
    for number, expected in (("0", 5), ("3", 5)):
        assert office("clash", "settle", code, "--take", number).code == expected
    office.ok("clash", "settle", code, "--take", str(wanted))
    assert office.stats["clashes"] == 0
    assert office("clash", "settle", code, "--take", "1").code == 6
    three.ok("import", office.export(tmp_path / "office")["files"][0])
    assert three.stats["clashes"] == 0
    assert three.ok("search", "hola")[0][0]["text"] == "Hola (2)"
    assert office.ok("check")[0]["ok"]


def test_a_relay_brings_what_it_carries(world: Callable[[str], Laptop], tmp_path: Path) -> None:
    one, two, three, office = (world(name) for name in ("one", "two", "three", "office"))
    one.record(tmp_path / "1.csv", "De l'u")
    two.record(tmp_path / "2.csv", "Del dos")
    first = one.export(tmp_path / "out")["files"][0]
    two.ok("import", first)
    carried = two.export(tmp_path / "out")
    assert (carried["relayed"], carried["beside"]) == (1, [])
    three.ok("import", carried["files"][0])
    texts = {row["text"] for row in three.ok("search", "de", "--limit", "9")[0]}
    assert texts == {"De l'u", "Del dos"}

    again = three.export(tmp_path / "third")
    assert (again["relayed"], len(again["beside"])) == (1, 1), "one level: what carries relays is laid beside"
    arrived = office.ok("import", tmp_path / "third")
    assert {line["outcome"] for line in arrived} == {"accepted", "known"}
    for laptop in (one, two):
        laptop.ok("import", tmp_path / "third", tmp_path / "out")
    assert {row["text"] for row in office.ok("search", "de")[0]} == texts
    assert office.ok("check")[0]["ok"]


def test_codes_of_two_laptops_never_collide(world: Callable[[str], Laptop], tmp_path: Path) -> None:
    one, two = world("one"), world("two")
    mine = one.record(tmp_path / "1.csv", *(f"u {n}" for n in range(40)))
    yours = two.record(tmp_path / "2.csv", *(f"dos {n}" for n in range(40)))
    assert len(set(mine) | set(yours)) == 80


def test_a_store_that_was_lost_and_filled_again(world: Callable[[str], Laptop], template: Path, tmp_path: Path) -> None:
    """The key is still there, the store is not: nothing that the laptop hands over afterwards looks like a fork."""
    one, office = world("one"), world("office")
    first = one.record(tmp_path / "s.csv", "a", "b")
    before = one.export(tmp_path / "out")["files"][0]
    office.ok("import", before)
    for path in one.folder.glob("store.db*"):
        path.unlink()
    assert one("device", "card").trouble["error"] == "store-gone"
    one.ok("restore", "--as-is")
    one.ok("device", "card", "--to", tmp_path / "one.pem")
    one.ok("trust", "add", tmp_path / "one.pem")
    one.ok("programme", "import", template / "programme.asice")
    assert one.ok("import", before)[0]["outcome"] == "accepted"
    again = one.record(tmp_path / "t.csv", "c")
    assert not set(again) & set(first)
    assert office.ok("import", one.export(tmp_path / "out")["files"][0])[0]["outcome"] == "accepted"
    assert office.stats["contributions"] == 3


def test_killed_while_recording(one: Laptop, tmp_path: Path) -> None:
    rows = 3000
    sheet = tmp_path / "big.csv"
    sheet.write_text("text\n" + "".join(f"Aportació número {n}\n" for n in range(rows)), encoding="utf-8")
    code = one.codes()[0]
    words = ["--json", "--data-dir", str(one.folder), "record", "--workshop", code, str(sheet)]
    with subprocess.Popen(
        [sys.executable, "-m", "pessdesk", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).resolve().parents[2],
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read()
    printed = [line for line in (first + rest).decode().split("\n")[:-1] if line]
    assert printed, "it was killed after the first line"
    with Program().desk(one.folder, write=True) as desk, desk.store.read() as unit:
        found = {row["code"] for row in unit.contributions(unit.workshops_by_code(code)[0]["record"])}
    assert {line.split('"')[3] for line in printed} <= found
    again = one.ok("record", "--workshop", code, sheet)
    assert len(again) == rows - len(found)
    assert one.stats["contributions"] == rows
    assert one.ok("check")[0]["ok"]


def test_a_reader_that_goes_away_stops_no_recording(one: Laptop, tmp_path: Path) -> None:
    """`pessdesk record … | head -1`: the pipe breaks, and every row is recorded all the same."""
    sheet = tmp_path / "many.csv"
    sheet.write_text("text\n" + "".join(f"Text {n}\n" for n in range(1200)), encoding="utf-8")

    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    words = ["--json", "--data-dir", str(one.folder), "record", "--workshop", one.codes()[0], str(sheet)]
    assert main(words, Program(), Gone(), io.StringIO()) == 0
    assert one.stats["contributions"] == 1200
