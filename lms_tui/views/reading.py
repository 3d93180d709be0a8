"""What is read in a section, as one Markdown text."""

from lms_tui.views.nodes import SectionPage


def source(page: SectionPage) -> str:
    """All of it, with what its lesson says below it."""
    return _joined(above_the_questions(page), page.summary)


def above_the_questions(page: SectionPage) -> str:
    """The body; around it a video's address and transcript, and what its lesson says above it. What it says below may be an answer."""
    video, parts = page.video, [page.introduction]
    if video is not None and video.url:
        length = f" ({video.seconds // 60}:{video.seconds % 60:02})" if video.seconds else ""
        there = f"<{video.url}>" if ":" in video.url else f"`{video.url}`, a file in the course's folder"
        parts.append(f"▶ Video{length}: {there}")
    parts.append(page.body)
    if video is not None and video.transcript:
        parts.append(f"## Transcript\n\n{video.transcript}")
    return _joined(*parts)


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
