"""Where a reader is in a document, and how to find it again after the text was edited."""

from itertools import accumulate

from lms_tui.model.paragraph import locate, paragraph_ids, quote
from lms_tui.views.document import Document
from lms_tui.views.nodes import Place

SMALL = 100_000  # characters: up to here the whole page is searched, beyond it the pieces that may hold the place
_LOOKED_AT = 12


def place_of(document: Document, piece: int, leaf: int) -> Place:
    """The place of a paragraph: see ``blocks.leaves``."""
    texts = document.leaves(piece) if len(document) else []
    if not texts:
        return Place(ratio=_ratio(document, piece, 0.0))
    leaf = min(leaf, len(texts) - 1)
    text = texts[leaf]
    digits, _, _ = paragraph_ids((text,))[0].partition("-")
    number = 1 + texts[:leaf].count(text) + _earlier(document, piece, text)
    lengths = [len(other) + 1 for other in texts]
    return Place(block=f"{digits}-{number}", quote=quote(text), ratio=_ratio(document, piece, sum(lengths[:leaf]) / sum(lengths)))


def find_place(document: Document, place: Place) -> tuple[int, int]:
    """The piece and the leaf where a place is: by its id, else by its quote, else by its ratio."""
    if not len(document) or not (place.block or place.quote or place.ratio):
        return 0, 0
    if len(document.text) > SMALL:
        return _find_in_large(document, place)
    leaves = [(piece, leaf, text) for piece in range(len(document)) for leaf, text in enumerate(document.leaves(piece))]
    return leaves[locate(place, [text for _, _, text in leaves])][:2] if leaves else (0, 0)


def _find_in_large(document: Document, place: Place) -> tuple[int, int]:
    digits, wanted = place.block.partition("-")[0], place.quote
    similar: tuple[int, int] | None = None
    for piece in _likely(document, place):
        for leaf, text in enumerate(document.leaves(piece)):
            if digits and paragraph_ids((text,))[0].startswith(digits):
                return piece, leaf
            if similar is None and wanted and wanted in quote(text):
                similar = piece, leaf
    return similar or _by_ratio(document, place.ratio)


def _ratio(document: Document, piece: int, share: float) -> float:
    if not document.text or not len(document):
        return 0.0
    source = document.pieces[piece]
    return min(1.0, (source.start + share * source.length) / len(document.text))


def _by_ratio(document: Document, ratio: float) -> tuple[int, int]:
    position = min(1.0, max(0.0, ratio)) * len(document.text)
    piece = document.piece_at(int(position))
    source, texts = document.pieces[piece], document.leaves(piece)
    lengths = list(accumulate((len(text) + 1 for text in texts), initial=0))
    target = (position - source.start) / max(1, source.length) * lengths[-1] + 0.5
    return piece, max((leaf for leaf in range(len(texts)) if lengths[leaf] <= target), default=0)


def _earlier(document: Document, piece: int, text: str) -> int:
    """How many paragraphs of that very text stand in earlier pieces."""
    if len(document.text) > SMALL:
        return 0
    word = max(text.split(), key=len, default="")
    return sum(document.leaves(index).count(text) for index in range(piece) if word in document.source(index))


def _likely(document: Document, place: Place) -> list[int]:
    near = document.piece_at(int(place.ratio * len(document.text)))
    holding = sorted(document.pieces_with(place.quote[:40]), key=lambda index: abs(index - near))[:_LOOKED_AT]
    around = range(max(0, near - 2), min(len(document), near + 3))
    return [*around, *(index for index in holding if index not in around)]
