"""Several cameras taken away as one ZIP, from the scrub page."""

import zipfile

from tests.waiting import PATIENCE_S
from tests.web.browser.scrub_page import ScrubPage
from tests.web.browser.watching import without_complaints


def test_all_cameras_of_the_page_come_as_one_zip(page, archive):
    scrub, start_s = ScrubPage(page), archive.start_us / 1e6
    with without_complaints(page, "Failed to load resource"):
        # Of the yard minutes 4 and 5 are missing.
        scrub.open(f"?t={start_s + 200}&in={start_s + 220}&out={start_s + 250}")
        page.locator('[data-deed="more"]').click()
        page.get_by_label("Cameras", exact=True).select_option("zip")
        with page.expect_download(timeout=PATIENCE_S * 1000) as download:
            page.get_by_role("region", name="Take away").get_by_role("button", name="Download").click()
        scrub.wait("document.querySelector('#answers').textContent.includes('Downloading 2 cameras')")
        assert "Back yard10 s are not recorded and left out." in page.locator("#answers").inner_text().replace("\n", "")
    assert download.value.suggested_filename.endswith(".zip")
    with zipfile.ZipFile(download.value.path()) as opened:
        assert opened.testzip() is None
        assert [name.split(" 20")[0] for name in opened.namelist()] == ["Gate", "Back yard", "contents.txt"]
