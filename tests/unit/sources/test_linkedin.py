import pytest

from monitors.sources.linkedin import LinkedIn

PAGE = LinkedIn()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://www.linkedin.com/company/Paknoosh-Example/posts/", "paknoosh-example"),
        ("linkedin.com/company/2414000", "2414000"),
        ("https://ir.linkedin.com/showcase/paknoosh", "paknoosh"),
        ("https://www.linkedin.com/in/somebody/", None),
        ("https://www.linkedin.com/feed/update/urn:li:share:1/", None),
        ("https://linkedin.com.evil.example/company/x", None),
        ("paknoosh", None),
    ],
)
def test_company_pages_are_recognised(text: str, address: str | None) -> None:
    assert PAGE.recognise(text) == address


@pytest.mark.parametrize(
    ("address", "cursor", "asked"),
    [
        ("paknoosh", None, "organizations?q=vanityName&vanityName=paknoosh"),
        ("paknoosh", "2414000", "posts?author=urn%3Ali%3Aorganization%3A2414000"),
        ("2414000", None, "posts?author=urn%3Ali%3Aorganization%3A2414000"),
    ],
)
def test_what_is_known_is_not_asked_again(address: str, cursor: str | None, asked: str) -> None:
    request = PAGE.request(address, cursor)
    assert request.url.startswith(f"https://api.linkedin.com/rest/{asked}")
    assert request.secrets == (("Authorization", "Bearer {LINKEDIN_TOKEN}"),)
