"""A workshop that nobody planned, made with the keyboard alone."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate

from pessdesk.desktop.screens.new import NewWorkshopScreen
from pessdesk.desktop.screens.workshop import WorkshopScreen
from pessdesk.desktop.screens.workshops import WorkshopsScreen
from tests.desktop.conftest import Desktop


def test_story_with_the_keyboard_from_ctrl_n_to_the_first_contribution(desktop: Desktop) -> None:
    desktop.press("Ctrl+N", desktop.window)
    form = desktop.screen(NewWorkshopScreen)
    desktop.type("Taller amb famílies")
    desktop.press("Tab")
    desktop.type("sol")
    offered = [(item.text, item.remark) for item in form.place.list.items]
    assert ("Solsona", "Solsonès") in offered
    desktop.type("so")
    desktop.press("Return")
    assert form.place.text() == "Solsona", "the first Enter takes what is offered"
    desktop.press("Return")
    workshop = desktop.screen(WorkshopScreen)
    assert workshop.row is not None
    assert (workshop.row.title, workshop.row.date) == ("Taller amb famílies", date.today().isoformat())
    assert (workshop.row.municipality, workshop.row.comarca, workshop.row.planned) == ("252075", "35", False)
    assert desktop.focus is workshop.line.text
    desktop.type("La primera")
    desktop.press("Return")
    desktop.settle()
    assert workshop.model.counts().all == 1


def fill(desktop: Desktop, form: NewWorkshopScreen, title: str = "Taller", place: str = "la Seu d'Urgell") -> None:
    form.workshop_title.setText(title)
    form.place.setText(place)


def test_enter_anywhere_makes_it(desktop: Desktop) -> None:
    for number, name in enumerate(("workshop_title", "venue", "place", "date", "groups", "method", "make")):
        form = desktop.go("new")
        fill(desktop, form, f"Taller {number}")
        editor = getattr(form, name)
        editor.setFocus()
        desktop.press("Return", editor)
        assert desktop.screen(WorkshopScreen).row.title == f"Taller {number}", name


def test_everything_that_was_chosen_is_kept(desktop: Desktop) -> None:
    form = desktop.go("new")
    fill(desktop, form)
    form.date.setDate(QDate(2027, 2, 3))
    form.groups.setValue(4)
    form.venue.setText("Sala de plens")
    form.method.choose("world_cafe")
    form.submit()
    row = desktop.screen(WorkshopScreen).row
    assert (row.date, row.groups, row.venue, row.method) == ("2027-02-03", 4, "Sala de plens", "world_cafe")
    form = desktop.go("new")
    assert (form.workshop_title.text(), form.place.text(), form.groups.value()) == ("", "", 0), "the next begins empty"


def test_what_is_wrong_is_said_beside_its_field(desktop: Desktop) -> None:
    form = desktop.go("new")
    form.submit()
    assert form.fields["title"].wrong.text() == "Títol: és buit i s'ha d'omplir."
    assert desktop.focus is form.workshop_title
    form.workshop_title.setText("Taller")
    form.submit()
    assert not form.fields["title"].wrong.isVisible()
    assert form.fields["municipality"].wrong.text() == "Digueu on es fa: un municipi o una comarca."
    form.place.setText("Madrid")
    form.submit()
    assert "«Madrid»" in form.fields["municipality"].wrong.text()
    assert desktop.focus is form.place
    fill(desktop, form)
    form.venue.setText("x" * 501)
    form.submit()
    desktop.settle()
    assert form.fields["venue"].wrong.isVisible(), "what the store refuses is said in its place as well"
    assert form.workshop_title.text() == "Taller", "and nothing that was typed is lost"


def test_what_was_typed_is_there_when_one_comes_back(desktop: Desktop) -> None:
    form = desktop.go("new")
    fill(desktop, form, "A mitges", "Solso")
    form.groups.setValue(3)
    desktop.go("today")
    assert desktop.go("new") is form
    assert (form.workshop_title.text(), form.place.text(), form.groups.value()) == ("A mitges", "Solso", 3)


def test_typing_on_lets_the_chosen_place_go(desktop: Desktop) -> None:
    form = desktop.go("new")
    fill(desktop, form, place="")
    form.place.setFocus()
    desktop.type("seu")
    desktop.press("Return")
    assert form.place.text() == "la Seu d'Urgell"
    desktop.type("x")
    desktop.press("Esc")
    desktop.press("Return")
    assert "municipi de Catalunya" in form.fields["municipality"].wrong.text()


def test_undo_takes_the_workshop_back_and_leaves_it(desktop: Desktop) -> None:
    form = desktop.go("new")
    fill(desktop, form, "Taller equivocat")
    form.groups.setValue(2)
    form.submit()
    assert desktop.screen(WorkshopScreen).row.groups == 2
    desktop.press("Ctrl+Z")
    desktop.settle()
    listed = desktop.screen(WorkshopsScreen)

    def titles() -> list[str]:
        return [listed.model.index(row, 1).data() for row in range(listed.model.rowCount())]

    assert "Taller equivocat" not in titles()
    assert desktop.message == "S'ha desfet: el taller nou."
    desktop.press("Ctrl+Shift+Z")
    desktop.settle()
    assert "Taller equivocat" in titles()


def test_in_a_workshop_that_was_taken_back_nothing_can_be_said(desktop: Desktop) -> None:
    form = desktop.go("new")
    fill(desktop, form, "Taller equivocat")
    form.submit()
    screen = desktop.screen(WorkshopScreen)
    desktop.press("Ctrl+Z")
    desktop.settle()
    desktop.window.back()
    desktop.type("Això es perdria", screen.line.text)
    desktop.press("Return", screen.line.text)
    desktop.settle()
    assert screen.line.text.toPlainText().strip() == "Això es perdria", "it is refused, and what was typed stays"


def test_the_language_changes_and_the_choices_stay(desktop: Desktop) -> None:
    from pessdesk.desktop.words import WORDS

    form = desktop.go("new")
    form.submit()
    form.method.choose("fishbowl")
    WORDS.use("en")
    assert form.fields["title"].wrong.text() == "Title: this is empty and must be filled in."
    assert form.method.method == "fishbowl"
    assert form.make.text() == "Make the workshop"
