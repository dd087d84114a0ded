"""What a console of Windows puts around the output of a command: colours, prompts, other commands, broken line ends.

PowerShell 7 colours what it prints, and a recording of a window holds several commands behind their prompts.
https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_ansi_terminals
https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_prompts
"""

from __future__ import annotations

import re

#: Colours and other sequences, also where copying lost their first character or made it visible.
_SEQUENCE = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|(?:\x1b|\u241b|\^\[)\[[0-?]*[ -/]*[@-~]|\x1b[@-Z\\^_]|\[[0-9]{1,3}(?:;[0-9]{1,3})*m"
)
_PROMPT = re.compile(
    r"(?:\[[^\]]+\]: )?(?:PS(?: [^>]*)?>+|[A-Za-z]:\\[^<>|\"?*]*>)\s?(?P<typed>.*)"
    r"|>\s?(?P<bare>(?:Get|Resolve|Find)-\w+.*|ipconfig.*|netsh.*)"
)
#: What leaves out some of the objects.
_NARROWER = re.compile(
    r"\s-(?:Interface(?:Alias|Index)|AddressFamily|Name|Namespace|ConnectionState|First|Last|Skip)\b|\b(?:where(?:-object)?|select-string|findstr)\b|\|\s*\?",
    re.IGNORECASE,
)


def own_output(command: str, text: str, narrower: re.Pattern[str] = _NARROWER) -> tuple[str, tuple[str, ...]]:
    """Return what the command printed, without the window around it, and what says that this may not be all.

    ``narrower`` are the options with which it prints less, or something else.

    Without any prompt it is the whole text. Behind prompts it is what follows those with the command; where it was run several
    times, the last one counts, and others that printed something else are named.
    """
    text = _SEQUENCE.sub("", text.replace("\ufeff", "").replace("\0", ""))
    text = re.sub(r"(?<!\r)\r+\n", "\n", text)
    parts = _by_prompt(text.splitlines())
    word = command.split(maxsplit=1)[0].lower()
    own = [(typed, output) for typed, output in parts if word in typed.lower()]
    if not own:
        # A prompt with nothing typed, or what stands before the first one, belongs to the only command that was recorded.
        return "\n".join(output for typed, output in parts if not typed), tuple(typed for typed, _ in parts if typed)
    typed, output = own[-1]
    unread = [f"only part of it was asked for: {typed}"] if narrower.search(typed) else []
    if any(_squeezed(other) != _squeezed(output) for _, other in own):
        unread.append(f"{command} was recorded several times, with different output")
    return output, tuple(unread)


def _by_prompt(lines: list[str]) -> list[tuple[str, str]]:
    """Return what was typed at each prompt with the lines that follow; ``""`` for what stands before the first prompt."""
    parts: list[tuple[str, list[str]]] = [("", [])]
    for line in lines:
        found = _PROMPT.fullmatch(line.rstrip())
        if found is None:
            parts[-1][1].append(line)
        else:
            parts.append(((found["typed"] or found["bare"] or "").strip(), []))
    return [(typed, "\n".join(output)) for typed, output in parts]


def _squeezed(text: str) -> str:
    return " ".join(text.split())
