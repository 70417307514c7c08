"""Answers ListObjectsV2 for a bucket of many keys, from pages made beforehand: what listing costs the client, not a store.

python benchmarks/s3_listing_stub.py PORT KEYS FOLDERS
"""

import asyncio
import sys
from urllib.parse import parse_qs, urlsplit

PAGE = 1000


def page(prefix: str, first: int, last: int, end: int) -> bytes:
    items = "".join(
        f"<Contents><Key>{prefix}photo-{number:08d}.jpg</Key><LastModified>2026-11-25T09:00:00.000Z</LastModified>"
        f"<ETag>&quot;{number:032x}&quot;</ETag><Size>{4000 + number % 2000}</Size><StorageClass>STANDARD</StorageClass></Contents>"
        for number in range(first, last)
    )
    more = last < end
    token = f"<NextContinuationToken>{last}</NextContinuationToken>" if more else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        f"<Name>photos</Name><KeyCount>{last - first}</KeyCount><MaxKeys>{PAGE}</MaxKeys><EncodingType>url</EncodingType>"
        f"<IsTruncated>{str(more).lower()}</IsTruncated>{token}{items}</ListBucketResult>"
    ).encode()


def folders_page(folders: int) -> bytes:
    prefixes = "".join(
        f"<CommonPrefixes><Prefix>all/class-{n}/</Prefix></CommonPrefixes>" for n in range(folders)
    )
    return f"<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>{prefixes}</ListBucketResult>".encode()


def make_pages(keys: int, folders: int) -> dict[tuple[str, str], bytes]:
    """(prefix, continuation token) -> the page."""
    pages = {("all/", ""): folders_page(folders)}
    share = keys // folders
    for folder in range(folders):
        prefix = f"all/class-{folder}/"
        for first in range(0, share, PAGE):
            pages[prefix, str(first) if first else ""] = page(prefix, first, min(first + PAGE, share), share)
    return pages


async def serve(port: int, pages: dict[tuple[str, str], bytes]) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                if (
                    b"list-type=2" not in head
                ):  # a photo: refused, which ends the job as soon as all is planned
                    writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
                    continue
                query = parse_qs(urlsplit(head.split(b" ", 2)[1].decode()).query)
                body = pages[query["prefix"][0], query.get("continuation-token", [""])[0]]
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", port)
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), make_pages(int(sys.argv[2]), int(sys.argv[3]))))
