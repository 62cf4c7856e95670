"""What the server listens on sends small answers at once."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

from rerack.web.listen import _listener
from rerack.web.settings import ServeSettings


def test_an_answer_does_not_wait_for_the_reader_to_confirm_its_first_part() -> None:
    async def option_of_a_connection() -> int:
        found: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def met(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            met_socket = writer.get_extra_info("socket")
            found.set_result(met_socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        listener = _listener(ServeSettings(file=Path("site.yaml"), port=0))
        async with await asyncio.start_server(met, sock=listener):
            _, writer = await asyncio.open_connection(*listener.getsockname())
            option = await found
            writer.close()
            await writer.wait_closed()
            return option

    assert asyncio.run(option_of_a_connection()) == 1
