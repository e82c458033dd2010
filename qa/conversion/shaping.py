"""What HTML says by its looks, said by its structure: bold by style, head rows, cells over several rows, main part."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from qa.conversion.limits import Oddity

_HEAVY = re.compile(r"font-weight\s*:\s*(?:bold(?:er)?|[6-9]00)", re.IGNORECASE)
_LIGHT = re.compile(r"font-weight\s*:\s*(?:normal|lighter|[1-4]00)", re.IGNORECASE)
#: A cell that claims more rows or columns than this claims nonsense.
MOST_ROWS = 200
MOST_COLUMNS = 50
INNER = ("ul", "ol", "table")


def shaped(soup: BeautifulSoup) -> list[Oddity]:
    """Change *soup* in place; what was changed beyond looks is named."""
    oddities = _main_alone(soup)
    _weights(soup)
    tables = soup.find_all("table")
    for number, table in enumerate(tables, 1):
        oddities += _shape_table(table, f"table {number}")
    for picture in soup.find_all("img"):
        words = str(picture.get("alt") or "").strip()
        picture.replace_with(NavigableString(f"({words})" if words else ""))
    for link in soup.find_all("a"):
        if not str(link.get("href") or "").strip() or str(link["href"]).startswith("#"):
            link.unwrap()
    return oddities


def _main_alone(soup: BeautifulSoup) -> list[Oddity]:
    """Of a page that marks its main part, that part alone."""
    mains = soup.find_all("main")
    if len(mains) != 1 or not mains[0].get_text(strip=True):
        return []
    main = mains[0].extract()
    rest = soup.get_text(strip=True)
    soup.clear()
    soup.append(main)
    return [Oddity("the page", "Only its main part was read; what stands around it was left out.")] if rest else []


def _weights(soup: BeautifulSoup) -> None:
    """Bold that is a matter of style becomes bold; a bold tag that is switched off goes."""
    for tag in soup.find_all(["span", "p", "b"]):
        style = str(tag.get("style") or "")
        del tag["style"]
        if tag.name == "b" and _LIGHT.search(style):
            tag.unwrap()
        elif tag.name == "span" and _HEAVY.search(style):
            tag.name = "strong"
        elif tag.name == "p" and _HEAVY.search(style):
            strong = soup.new_tag("strong")
            for child in list(tag.contents):
                strong.append(child.extract())
            tag.append(strong)


def _shape_table(table: Tag, place: str) -> list[Oddity]:
    """A head row that is one only by being bold, cells over several rows repeated, and a word on what a cell loses."""
    rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
    if not rows:
        return []
    oddities = []
    if any(cell.get("rowspan") for row in rows for cell in _cells(row)):
        _repeat(rows)
        oddities.append(Oddity(place, "A cell over several rows was repeated in each."))
    if any(cell.find(INNER) is not None for row in rows for cell in _cells(row)):
        oddities.append(Oddity(place, "A list or table inside a cell became one line."))
    cells = _cells(rows[0])
    if not table.find("th") and len(rows) > 1 and cells and all(_is_bold(cell) for cell in cells):
        for cell in cells:
            cell.name = "th"
            for bold in cell.find_all(["strong", "b"]):
                bold.unwrap()
    _one_head(table, rows)
    for cell in (cell for row in rows for cell in _cells(row)):
        cell["colspan"] = str(_whole(cell.get("colspan"), MOST_COLUMNS))
    return oddities


def _one_head(table: Tag, rows: list[Tag]) -> None:
    """All rows right under the table: whether the first is its head is then told by its cells alone."""
    for row in rows:
        row.extract()
    caption = table.find("caption")
    words = caption.get_text(" ", strip=True) if caption is not None else ""
    if caption is not None and words:
        table.insert_before(BeautifulSoup("<p></p>", "html.parser").p or caption)
        before = table.find_previous_sibling("p")
        if before is not None:
            before.string = words
    table.clear()
    for row in rows:
        table.append(row)


def _cells(row: Tag) -> list[Tag]:
    return [cell for cell in row.find_all(["td", "th"], recursive=False) if isinstance(cell, Tag)]


def _is_bold(cell: Tag) -> bool:
    text = cell.get_text(strip=True)
    bold = "".join(part.get_text(strip=True) for part in cell.find_all(["strong", "b"]))
    return bool(text) and bold == text


def _repeat(rows: list[Tag]) -> None:
    """Put a copy of every cell that reaches down into the rows that it reaches."""
    reaching: dict[int, tuple[Tag, int]] = {}
    for row in rows:
        column, built = 0, []
        waiting = _cells(row)
        while waiting or column in reaching:
            if column in reaching:
                held, left = reaching.pop(column)
                copy = BeautifulSoup(str(held), "html.parser").contents[0].extract()
                if left > 1:
                    reaching[column] = (held, left - 1)
            else:
                copy = waiting.pop(0)
                down = _whole(copy.get("rowspan"), MOST_ROWS)
                del copy["rowspan"]
                if down > 1:
                    reaching[column] = (copy, down - 1)
            built.append(copy)
            column += _whole(copy.get("colspan"), MOST_COLUMNS) if isinstance(copy, Tag) else 1
        row.clear()
        for cell in built:
            row.append(cell)


def _whole(value: object, most: int) -> int:
    text = str(value or "")
    return max(1, min(most, int(text))) if text.isdigit() and len(text) < 6 else 1
