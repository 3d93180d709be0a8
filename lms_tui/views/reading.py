"""What is read in a section, as one Markdown text."""

from lms_tui.views.nodes import SectionPage


def source(page: SectionPage) -> str:
    """The body; a video's address and transcript stand around it."""
    if page.video is None:
        return page.body
    video, parts = page.video, []
    if video.url:
        length = f" ({video.seconds // 60}:{video.seconds % 60:02})" if video.seconds else ""
        parts.append(f"▶ Video{length}: <{video.url}>")
    parts.append(page.body)
    if video.transcript:
        parts.append(f"## Transcript\n\n{video.transcript}")
    return "\n\n".join(part for part in parts if part)
