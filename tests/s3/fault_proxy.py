"""A proxy between Pomona and a store that does what networks and stores do: it delays, refuses, resets, cuts, stalls."""

from __future__ import annotations

import asyncio
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from email.utils import formatdate

FAULTS = ("503", "500", "reset", "cut", "stall", "wrong-length", "lost-answer")
SLOW_DOWN = b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
EXPIRED = b"<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>"


class FaultProxy:
    """Forwards 127.0.0.1:`port` to the upstream's port; a share of the requests meets one of the faults."""

    def __init__(
        self, upstream: int, share: float = 0.0, latency: float = 0.0, stall: float = 60.0, seed: int = 1
    ):
        self.upstream, self.share, self.latency, self.stall = upstream, share, latency, stall
        self.faults: tuple[str, ...] = FAULTS
        self.clock_ahead = (
            0  # seconds by which the client's clock then seems ahead: answers say an earlier time
        )
        self.before: Callable[[str, str], None] | None = None
        self.plan: Callable[[str, str], str] | None = None  # instead of chance: a fault, or "none"
        self.counts: Counter[str] = Counter()
        self.requests: list[tuple[str, str]] = []  # method, target
        self.chance = random.Random(seed)
        self.loop = asyncio.new_event_loop()
        started = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self.thread.start()
        started.wait()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    async def _end(self) -> None:
        self.server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self.loop)
        self.server = self.loop.run_until_complete(
            asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=512)
        )
        self.port = self.server.sockets[0].getsockname()[1]
        started.set()
        self.loop.run_forever()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                body = await reader.readexactly(self._length(head))
                method, target = head.split(b" ", 2)[:2]
                self.requests.append((method.decode(), target.decode()))
                if self.before:
                    await asyncio.to_thread(self.before, method.decode(), target.decode())
                if self.latency:
                    await asyncio.sleep(self.latency)
                fault = self._fault(method.decode(), target.decode())
                self.counts[fault] += 1
                if fault in ("503", "500"):
                    writer.write(
                        b"HTTP/1.1 %s Fault\r\nContent-Type: application/xml\r\nContent-Length: %d\r\n\r\n%s"
                        % (fault.encode(), len(SLOW_DOWN), SLOW_DOWN)
                    )
                    await writer.drain()
                    continue
                if fault == "expired":
                    writer.write(
                        b"HTTP/1.1 400 Bad Request\r\nContent-Length: %d\r\n\r\n%s" % (len(EXPIRED), EXPIRED)
                    )
                    await writer.drain()
                    continue
                if fault == "reset":
                    writer.transport.abort()
                    return
                if upstream is None:
                    upstream = await asyncio.open_connection("127.0.0.1", self.upstream)
                upstream[1].write(head + body)
                answer = b"HTTP/1.1 100"
                while answer.startswith(b"HTTP/1.1 100"):  # "go on": the body is on its way already
                    answer = await upstream[0].readuntil(b"\r\n\r\n")
                if self.clock_ahead:
                    earlier = formatdate(time.time() - self.clock_ahead, usegmt=True).encode()
                    answer = re.sub(rb"\r\nDate: [^\r]*", b"\r\nDate: " + earlier, answer)
                has_body = method != b"HEAD" and answer.split(b" ", 2)[1] not in (b"204", b"304")
                data = await self._body(upstream[0], answer) if has_body else b""
                if fault == "lost-answer":  # the store did it, and nobody heard
                    writer.transport.abort()
                    return
                if fault in ("cut", "stall") and data:
                    writer.write(answer + data[: len(data) // 2])
                    await writer.drain()
                    if fault == "stall":
                        await asyncio.sleep(self.stall)
                    writer.transport.abort()
                    return
                if fault == "wrong-length" and len(data) > 1 and b"Content-Length" in answer:
                    short = data[: len(data) // 2]
                    old = b"Content-Length: %d" % len(data)
                    writer.write(answer.replace(old, b"Content-Length: %d" % len(short)) + short)
                else:
                    writer.write(answer + data)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            writer.transport.abort()
        finally:
            writer.close()
            if upstream:
                upstream[1].close()

    def _fault(self, method: str, target: str) -> str:
        if self.plan:
            return self.plan(method, target)
        return self.chance.choice(self.faults) if self.chance.random() < self.share else "none"

    @staticmethod
    def _length(head: bytes) -> int:
        for line in head.split(b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                return int(line.split(b":", 1)[1])
        return 0

    async def _body(self, reader: asyncio.StreamReader, head: bytes) -> bytes:
        if b"transfer-encoding: chunked" not in head.lower():
            return await reader.readexactly(self._length(head))
        data = b""
        while True:
            line = await reader.readline()
            chunk = await reader.readexactly(int(line, 16) + 2)
            data += line + chunk
            if int(line, 16) == 0:
                return data
