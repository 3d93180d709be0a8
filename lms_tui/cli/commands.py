"""The command line as a Typer app. Typer, because completion, help and usage errors (exit status 2) come with it."""

import typer

from lms_tui.cli import checking, database, downloading, finding, keeping, profiles, studying, syncing
from lms_tui.cli.usage import Command

app = typer.Typer(name="lms-tui", no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=True)

app.command("catalog", cls=Command)(studying.catalog)
app.command("course", cls=Command)(studying.course)
app.command("read", cls=Command)(studying.read)
app.command("next", cls=Command)(studying.next_section)
app.command("enrol", cls=Command)(studying.enrol)
app.command("leave", cls=Command)(studying.leave)
app.command("done", cls=Command)(studying.done)
app.command("answer", cls=Command)(studying.answer)
app.command("search", cls=Command)(finding.search)
app.command("progress", cls=Command)(studying.progress)
app.command("import", cls=Command)(keeping.import_course)
app.command("check", cls=Command)(checking.check_course)
app.command("download", cls=Command)(downloading.download)
app.command("downloads", cls=Command)(downloading.downloads)
app.command("remove", cls=Command)(downloading.remove)
app.command("publish", cls=Command)(keeping.publish)
app.command("doctor", cls=Command)(keeping.doctor)
app.command("login", cls=Command)(profiles.login)
app.command("profiles", cls=Command)(profiles.profiles)

_sync = typer.Typer(name="sync", invoke_without_command=True)
_sync.callback()(syncing.sync)
_sync.command("status", cls=Command)(syncing.status)
_sync.command("problems", cls=Command)(syncing.problems)
app.add_typer(_sync)

_database = typer.Typer(name="db", help="The database behind.", no_args_is_help=True)
_database.command("init", cls=Command)(database.init)
_database.command("upgrade", cls=Command)(database.upgrade)
_database.command("current", cls=Command)(database.current)
_database.command("stop", cls=Command)(database.stop)
app.add_typer(_database)
