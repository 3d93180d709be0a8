"""Web addresses in the person's browser, if that has a window of its own: one of the terminal's would take this terminal over."""

import subprocess
import webbrowser


def open_outside(url: str) -> bool:
    """Opens an address; False where there is no browser with windows. May take a while."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    if isinstance(browser, webbrowser.BackgroundBrowser):  # it would write into the screen
        command = [browser.name, *(argument.replace("%s", url) for argument in browser.args)]
        quiet = subprocess.DEVNULL
        try:
            subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
        except OSError:
            return False
        return True
    in_the_terminal = type(browser) is webbrowser.GenericBrowser or (isinstance(browser, webbrowser.UnixBrowser) and not browser.background)
    return not in_the_terminal and browser.open(url)
