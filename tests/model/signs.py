"""Words beside signs that are not of ASCII; both searches find every one of them."""

SIGNS = "He said “hello” and don’t panic: word—dash, ellipse…behind, «bonjour», x9→y9, ‚low‘ 日。本 ・full，width？ great😀 1×2 ¿qué? 5€"
BESIDE_SIGNS = (
    *("hello", "“hello”", "panic", "don’t panic", "word", "dash", "word—dash", "ellipse", "behind", "bonjour", "«bonjour»"),
    *("x9", "y9", "x9→y9", "low", "日", "本", "full", "width", "great", "1×2", "qué", "5"),
)
