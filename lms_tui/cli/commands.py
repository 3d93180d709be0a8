"""The command line as a Typer app. Typer, because completion, help and usage errors (exit status 2) come with it."""

import typer

from lms_tui.cli import checking, database, downloading, finding, keeping, profiles, studying, syncing

app = typer.Typer(name="lms-tui", no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=True)

app.command("catalog")(studying.catalog)
app.command("course")(studying.course)
app.command("read")(studying.read)
app.command("next")(studying.next_section)
app.command("enrol")(studying.enrol)
app.command("leave")(studying.leave)
app.command("done")(studying.done)
app.command("answer")(studying.answer)
app.command("search")(finding.search)
app.command("progress")(studying.progress)
app.command("import")(keeping.import_course)
app.command("check")(checking.check_course)
app.command("download")(downloading.download)
app.command("downloads")(downloading.downloads)
app.command("remove")(downloading.remove)
app.command("publish")(keeping.publish)
app.command("doctor")(keeping.doctor)
app.command("login")(profiles.login)
app.command("profiles")(profiles.profiles)

_sync = typer.Typer(name="sync", invoke_without_command=True)
_sync.callback()(syncing.sync)
_sync.command("status")(syncing.status)
_sync.command("problems")(syncing.problems)
app.add_typer(_sync)

_database = typer.Typer(name="db", help="The database behind.", no_args_is_help=True)
_database.command("init")(database.init)
_database.command("upgrade")(database.upgrade)
_database.command("current")(database.current)
_database.command("stop")(database.stop)
app.add_typer(_database)
