"""The course about the shell keeps its word: its counts, its keys, and every example in it is run."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from lms_tui import formats
from lms_tui.formats.imported import Imported
from lms_tui.model.course import Difficulty, Section, SectionType
from lms_tui.model.grading import grade
from lms_tui.model.question import Answer, AnswerKey, Kind, Question

NAME = "working-shell"
CONSOLE = re.compile(r"^( *)```console\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
BASH = re.compile(r"^```bash\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = "@@ what follows is the output of example"


@pytest.fixture(scope="module")
def shell(shipped_courses: Path) -> Imported:
    """The course, read by the importer."""
    return formats.read(shipped_courses / NAME)


def sections(shell: Imported) -> list[Section]:
    return [section for lesson in shell.course.lessons for section in lesson.sections]


def asked(shell: Imported) -> Iterator[tuple[Section, Question, AnswerKey]]:
    for section in sections(shell):
        for question in section.questions:
            yield section, question, section.keys[question.key]


def test_it_is_as_large_as_promised(shell: Imported) -> None:
    course = shell.course
    assert shell.warnings == ()
    assert len(course.lessons) >= 6
    assert len(sections(shell)) >= 24
    assert {section.type for section in sections(shell)} == set(SectionType)
    assert len(list(asked(shell))) >= 30
    assert {question.kind for _, question, _ in asked(shell)} == set(Kind)


def test_it_says_what_it_is(shell: Imported) -> None:
    course = shell.course
    assert (course.slug, course.license, course.difficulty) == (NAME, "CC0-1.0", Difficulty.INTERMEDIATE)
    assert course.authors == ("The lms-tui authors",)
    assert course.category
    assert course.tags
    assert all(lesson.objectives and lesson.minutes for lesson in course.lessons)
    assert all(section.minutes for section in sections(shell))


def test_questions_help(shell: Imported) -> None:
    for section, question, key in asked(shell):
        if section.type is SectionType.ASSESSMENT:
            continue
        assert question.hints, question.key
        if question.options and question.kind in (Kind.SINGLE, Kind.MULTIPLE):
            assert all(key.feedback), question.key
        assert all(answer.feedback for answer in key.answers if not answer.correct), question.key
    assert any(len(question.hints) > 1 for _, question, _ in asked(shell))
    assert any(key.partial for _, _, key in asked(shell))
    assert any(question.points > 1 for _, question, _ in asked(shell))


def given(answer: Answer) -> str:
    """What a learner types who has this answer in mind."""
    text = answer.text if answer.text is not None else answer.low
    assert text is not None
    return text


def right(question: Question, key: AnswerKey) -> list[object]:
    """Every foreseen right response."""
    if question.kind is Kind.SINGLE:
        return [key.correct[0]]
    if question.kind in (Kind.MULTIPLE, Kind.ORDER, Kind.MATCHING):
        return [list(key.correct)]
    if question.kind is Kind.BLANKS:
        return [[given(answers[min(number, len(answers) - 1)]) for answers in key.gaps] for number in range(3)]
    if question.kind is Kind.SELF_MARKED:
        return [{"text": "mine", "points": float(question.points)}]
    return [given(answer) for answer in key.answers if answer.correct]


def wrong(question: Question, key: AnswerKey) -> list[object]:
    """Responses that must win nothing."""
    options = range(1, len(question.options) + 1)
    if question.kind is Kind.SINGLE:
        return [option for option in options if option not in key.correct]
    if question.kind is Kind.MULTIPLE:
        return [[option for option in options if option not in key.correct], []]
    if question.kind in (Kind.ORDER, Kind.MATCHING):
        return [[], list(key.correct[1:] + key.correct[:1])]
    if question.kind is Kind.BLANKS:
        return [["none of these"] * len(key.gaps)]
    if question.kind is Kind.SELF_MARKED:
        return [{"text": "mine", "points": 0}]
    return ["none of these", *(given(answer) for answer in key.answers if not answer.correct)]


def test_every_right_answer_wins_all_and_every_foreseen_wrong_one_nothing(shell: Imported) -> None:
    for _, question, key in asked(shell):
        assert right(question, key), question.key
        for response in right(question, key):
            assert grade(question, key, response).correct, (question.key, response)
        for response in wrong(question, key):
            assert grade(question, key, response).points == 0, (question.key, response)


def test_the_final_is_fair(shell: Imported) -> None:
    [final] = [section for section in sections(shell) if section.type is SectionType.ASSESSMENT]
    rules = final.rules
    assert (rules.attempts, rules.pass_mark, rules.time_limit_seconds) == (3, 60, 1800)
    for question in final.questions:
        key = final.keys[question.key]
        assert not question.hints
        assert not key.explanation
        assert question.kind is not Kind.SELF_MARKED


def test_its_recordings_are_whole_and_can_be_read(shell: Imported, shipped_courses: Path) -> None:
    films = [(lesson, section.video) for lesson in shell.course.lessons for section in lesson.sections if section.video]
    assert films
    for _, film in films:
        [file] = list((shipped_courses / NAME).glob(f"*/{film.url}"))
        head, *events = [json.loads(line) for line in file.read_text().splitlines()]
        assert (head["version"], head["width"]) == (2, 80)
        assert [when for when, _, _ in events] == sorted(when for when, _, _ in events)
        assert abs(events[-1][0] - (film.seconds or 0)) < 2
        assert len(film.transcript.split()) > 150


def examples(shell: Imported) -> list[tuple[str, str, str]]:
    """Each command of each ``console`` block in the course's order: the section, the command, what it printed."""
    found: list[tuple[str, str, str]] = []
    for section in sections(shell):
        if section.slug == "make-the-log":
            found += [(section.slug, block, "") for block in BASH.findall(section.body)]
        for indent, block in CONSOLE.findall(section.body):
            assert block.startswith(f"{indent}$ "), (section.slug, block)
            for part in re.split(r"^\$ ", re.sub(f"^{indent}", "", block, flags=re.MULTILINE), flags=re.MULTILINE)[1:]:
                lines = part.split("\n")
                more = next((number for number, line in enumerate(lines[1:], 1) if not re.match(r">( |$)", line)), len(lines))
                command = "\n".join([lines[0], *(line[2:] for line in lines[1:more])])
                found.append((section.slug, command, "\n".join(lines[more:])))
    return found


def printed(commands: list[str], folder: Path) -> list[str]:
    """What bash prints for each command of one session."""
    script = folder / "session"
    script.write_text("exec 2>&1\n" + "\n".join(f"echo '{MARK}'\n{command}" for command in commands) + "\n")
    run = subprocess.run(
        ["bash", "--norc", str(script)],
        cwd=folder, env={"HOME": str(folder), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    said = re.sub(rf"^{re.escape(str(script))}: line \d+: (?:\s*\d+ (?:Killed|Terminated).*\n)?", "", run.stdout, flags=re.MULTILINE)
    return said.split(f"{MARK}\n")[1:]


def _gnu() -> bool:
    shown = shutil.which("bash") and subprocess.run(["sort", "--version"], capture_output=True, text=True, check=False).stdout
    return bool(shown) and "GNU" in str(shown)


@pytest.mark.skipif(not _gnu(), reason="the examples show what bash and the GNU tools print")
def test_every_example_prints_what_the_page_says(shell: Imported, tmp_path: Path) -> None:
    every = examples(shell)
    assert len(every) > 100
    outputs = printed([command for _, command, _ in every], tmp_path)
    assert len(outputs) == len(every)
    wrong = [
        f"{section}: {command}\n--- page\n{page}--- bash\n{said}"
        for (section, command, page), said in zip(every, outputs, strict=True)
        if [line.rstrip() for line in page.rstrip("\n").split("\n")] != [line.rstrip() for line in said.rstrip("\n").split("\n")]
    ]
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.skipif(not _gnu(), reason="as above")
def test_questions_about_output_are_answered_by_bash(shell: Imported, tmp_path: Path) -> None:
    found = [(question, key) for _, question, key in asked(shell) if question.kind is Kind.CODE_OUTPUT or question.key == "vanished-sum"]
    assert len(found) > 4
    for question, key in found:
        [code] = BASH.findall(question.prompt + "\n")
        [said] = printed([code], tmp_path)
        assert grade(question, key, said.strip()).correct, (question.key, said)
