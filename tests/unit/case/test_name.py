import pytest

from sddoctor.case.name import BadNameError, fold_name, parse_name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("dev-api.example.internal", "dev-api.example.internal"),
        ("Dev-API.Example.INTERNAL", "dev-api.example.internal"),
        ("dev-api.example.internal.", "dev-api.example.internal"),
        ("_http._tcp.api.example.internal", "_http._tcp.api.example.internal"),
        ("dev-api", "dev-api"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("_x.bücher。example", "_x.xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        (" dev-api.example ", "dev-api.example"),
        ("a" * 63 + ".b", "a" * 63 + ".b"),
        (".".join(["a" * 63] * 3 + ["b" * 61]), ".".join(["a" * 63] * 3 + ["b" * 61])),
        (".".join(["a" * 63] * 3 + ["b" * 61]) + ".", ".".join(["a" * 63] * 3 + ["b" * 61])),
    ],
)
def test_good_names(typed: str, name: str) -> None:
    assert parse_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "is empty"),
        (" ", "is empty"),
        (".", "is empty"),
        ("a..b", "empty label"),
        (".a", "empty label"),
        ("a..", "empty label"),
        ("a b", "space"),
        ("a\tb", "control character"),
        ("a\x00b", "control character"),
        ("a\u202eb", "control character"),
        ("a" * 64 + ".b", "64 characters"),
        (".".join(["a" * 63] * 3 + ["b" * 62]), "254 characters"),
        ("bü" * 40 + ".example", "internationalised"),
        ("http://dev-api.example.internal/", "URL"),
        ("dev-api.example.internal:3000", "port"),
        ("*.example.internal", "a character"),
        ("10.10.211.50", "an address"),
        ("2001:db8::1", "an address"),
        ("\u2603\u0301.example", "internationalised"),
    ],
)
def test_bad_names_are_refused_in_one_sentence(typed: str, why: str) -> None:
    with pytest.raises(BadNameError) as caught:
        parse_name(typed)
    sentence = str(caught.value)
    assert why in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("name", "folded"),
    [("Dev-API.Example.Internal.", "dev-api.example.internal"), (".", ""), ("", ""), ("a..", "a."), ("local", "local")],
)
def test_names_are_compared_in_lower_case_without_the_final_dot(name: str, folded: str) -> None:
    assert fold_name(name) == folded
