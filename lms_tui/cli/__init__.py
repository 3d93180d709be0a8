"""The command line. ``--version`` and ``--help`` are answered here, before anything heavy is imported."""

import os
import sys

from lms_tui import __version__

HELP = """\
lms-tui: courses in your terminal, online or offline.

Usage: lms-tui [OPTIONS] [COMMAND ...]

Without a command it opens the app. On a first start it asks nothing: it opens your
personal library, which lives on this machine and sends nothing anywhere.

To study:
  catalog                        the courses there are
  course COURSE                  the outline of a course, with your progress
  read COURSE[/LESSON[/SECTION]] a page; --plain for linear text
  next                           where to go on
  search QUERY                   courses and sections by words, with the passage that matched
  enrol COURSE, leave COURSE     take a course, or stop taking it
  done SECTION...                record that you finished something
  answer SECTION --file FILE     answer questions from a JSON file
  progress                       time, sections, scores and days of study

To look after things:
  import PATH                    bring a course into the library
  check PATH                     what is wrong or odd in a course's folder
  download COURSE...             keep courses on this machine, or fetch what is newer in them
  downloads                      the courses that are on this machine
  remove COURSE...               remove courses from this machine; what you did stays
  publish COURSE                 show a draft to the institution
  sync                           send what is queued, fetch what is new
  sync status                    what is queued, and what the last runs did
  sync problems                  what the database refused; --retry, --export FILE
  doctor                         what works on this machine, and what to do where it does not
  login DSN, login FILE          a profile at an institution's database
  profiles                       the profiles on this machine
  db init [DSN]                  make a database ready, and invite a person to it
  db upgrade [DSN]               bring its schema to the newest revision
  db current [DSN]               which revision it has
  db stop                        stop the personal library's server

Options:
  --profile NAME                 which profile to use (personal)
  --offline                      do not look for the database
  --version                      print the version
  --help                         print this, or with a command its options

Commands print JSON with --json. A COURSE, LESSON or SECTION is named as course/lesson/section,
as the lists show it, or by its id. Everything is kept under LMS_TUI_HOME where that is set.
"""


def main() -> None:
    """What the ``lms-tui`` command runs: the app where no command is named."""
    arguments = take_common(sys.argv[1:])
    if arguments == ["--version"]:
        print(f"lms-tui {__version__}")
    elif arguments in (["--help"], ["-h"]):
        print(HELP, end="")
    elif arguments or "_LMS_TUI_COMPLETE" in os.environ:
        from lms_tui.cli.commands import app

        app(args=arguments, prog_name="lms-tui")
    else:
        refuse_without_terminal()
        from lms_tui.app import run

        run(os.environ.get("LMS_TUI_PROFILE", "personal"), offline=os.environ.get("LMS_TUI_OFFLINE") == "1")


def refuse_without_terminal() -> None:
    """Exits with status 2 where the app's screens could not be drawn, or no key could be pressed."""
    if os.environ.get("TERM") == "dumb" or not all(
        stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)
    ):
        print("lms-tui: the app needs a terminal. Without one, use its commands: lms-tui --help lists them.", file=sys.stderr)
        raise SystemExit(2)


def take_common(arguments: list[str]) -> list[str]:
    """The arguments without ``--profile NAME`` and ``--offline``, which may stand anywhere and go into the environment.

    Exits with status 2 where ``--profile`` has no name.
    """
    rest: list[str] = []
    coming = iter(arguments)
    for argument in coming:
        name, equals, value = argument.partition("=")
        if argument == "--":
            return [*rest, argument, *coming]
        if argument == "--offline":
            os.environ["LMS_TUI_OFFLINE"] = "1"
        elif name == "--profile":
            profile = value if equals else next(coming, "")
            if not profile:
                print("lms-tui: --profile needs the name of a profile.", file=sys.stderr)
                raise SystemExit(2)
            os.environ.setdefault("LMS_TUI_USUAL_PROFILE", os.environ.get("LMS_TUI_PROFILE", "personal"))
            os.environ["LMS_TUI_PROFILE"] = profile
        else:
            rest.append(argument)
    return rest
