"""What ill will or a broken program sends instead of a file or of words: drawn from a seed, so that it can be had again."""

from __future__ import annotations

import io
import random
import warnings
import zipfile

WORDS = (
    "", " ", "\x00", "a\x00b", "\ud7ff", "\u202egnp.exe", "\ufeff", "é" * 500, "x" * 70_000, "9" * 400, "-1", "0", "1e309",
    "NaN", "٣", "½", "2026-02-30", "0000-00-00", "9999-12-31", "2026-11-24T12:00:00+99:00", "25:61", "' OR 1=1 --",
    "\"; DROP TABLE school; --", "%s%n%x", "{{7*7}}", "{% include 'config.py' %}", "${7*7}", "#{7*7}",
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "javascript:alert(1)", "[x](javascript:alert(1))",
    "=cmd|' /C calc'!A0", "@SUM(1)", "+1", "\t=1", "a\r\nBcc: x@evil.example\r\n\r\nhi", "../../../etc/passwd",
    "..\\..\\boot.ini", "/etc/passwd", "file:///etc/passwd", "http://169.254.169.254/", "//evil.example", "true", "null",
    "[]", "{}", "a" * 300 + "@x.example", "x@y@z", "\u0000", "🧪" * 40, "\u200b", "İ", "ﬀ", "Z" + "\u0301" * 200, "1,2,3",
    "1;2", "\\", "`id`", "$(id)", "|id", "&lt;", "%00", "%2e%2e%2f",
)  # fmt: skip
PIECES = (
    b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n\n", b'"', b"'", b",,,,,", b"\t", b"---\n", b"## ", b"### Do\n",
    b"- x: y\n", b"[", b"{", b"}", b"&a ", b"*a", b"!!python/object/apply:os.system ['id']", b"!x ", b"{{dsl",
    b"<script>alert(1)</script>", b"<svg onload=alert(1)>", b"9" * 40, b"=cmd|' /C calc'!A0",
    b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>&a;", b"\xf0\x28\x8c\xbc", b"\xed\xa0\x80", b"BEGIN:VEVENT\r\n",
    b"RRULE:FREQ=SECONDLY\r\n", b"DTSTART:99999999T999999Z\r\n", b"PK\x03\x04", b"PK\x05\x06", b"%PDF-", b"(" * 200,
    b"a: &a [*a]\n", b"\x1a", b"\x1b[2J",
)  # fmt: skip
_NAMES = (
    "module.md", "../module.md", "/etc/cron.d/x", "C:\\x.md", "a/b/c.md", "lesson-1.md", "lesson-999999.md", "x.py",
    "MODULE.MD", "modu\x00le.md", "\u202edm.eludom", "con", "a" * 300 + ".md", "classes.csv", "[Content_Types].xml",
    "xl/worksheets/sheet1.xml", ".", "..", "",
)  # fmt: skip


class Spoiler(random.Random):
    """Draws spoilt words and files."""

    def words(self, said: str) -> str:
        """Spoil what would have been said, a little or wholly."""
        kind = self.randrange(5)
        if kind == 0:
            return said + self.choice(WORDS)
        if kind == 1 and said:
            place = self.randrange(len(said))
            return said[:place] + self.choice(WORDS) + said[place + self.randint(0, 3) :]
        if kind == 2:
            return said * self.choice((2, 30))
        return self.choice(WORDS)

    def file(self, whole: bytes) -> bytes:
        """Spoil a file in up to four places: bytes turned, cut away, doubled, or something hostile put between."""
        spoilt = bytearray(whole)
        for _ in range(self.randint(1, 4)):
            self._once(spoilt)
        return bytes(spoilt)

    def _once(self, spoilt: bytearray) -> None:
        place = self.randrange(len(spoilt) + 1)
        kind = self.randrange(6)
        if kind <= 1 and spoilt:
            spoilt[place % len(spoilt)] = self.randrange(256)
        elif kind <= 3:
            spoilt[place:place] = self.choice(PIECES)
        elif kind == 4:
            del spoilt[place : place + self.choice((1, 8, 200, 100_000))]
        else:
            spoilt[place:place] = spoilt[place : place + self.choice((1, 40, 400))] * self.choice((1, 2, 20))

    @staticmethod
    def _written(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, data: bytes) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # two members of one name are meant
            archive.writestr(entry, data)

    def archive(self, members: dict[str, bytes]) -> bytes:
        """Pack files into a ZIP with tricks: other names, spoilt members, members twice, a bomb, bytes turned afterwards."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                told = self.choice(_NAMES) if self.random() < 0.15 else name
                if self.random() < 0.05:
                    data = b"0" * 5_000_000
                elif self.random() < 0.5:
                    data = self.file(data)
                entry = zipfile.ZipInfo(told or "x", self.choice(((1980, 1, 1, 0, 0, 0), (2107, 12, 31, 23, 59, 58))))
                entry.compress_type = self.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
                entry.external_attr = self.choice((0, 0o120777 << 16, 0o40755 << 16, 0o100644 << 16))
                self._written(archive, entry, data)
        return self.file(out.getvalue()) if self.random() < 0.4 else out.getvalue()
