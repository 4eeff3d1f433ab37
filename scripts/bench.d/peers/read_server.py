"""Reads a curve with TensorBoard's Rust data server: seconds from its start until the client holds all points.

usage: read_server.py FOLDER COUNT
"""

import pathlib
import subprocess
import sys
import tempfile
import time

import grpc
import tensorboard_data_server
from report import report
from tensorboard.data.proto import data_provider_pb2, data_provider_pb2_grpc

folder, count = sys.argv[1], int(sys.argv[2])
LIMIT = 120
PAUSE = 0.001


def until(found):
    """Waits until `found` returns something, and returns that."""
    end = time.perf_counter() + LIMIT
    while not (value := found()):
        if time.perf_counter() > end:
            raise SystemExit(f"error: the server did not have all points after {LIMIT} s")
        time.sleep(PAUSE)
    return value


def port(file: pathlib.Path) -> str | None:
    text = file.read_text() if file.exists() else ""
    return text.strip() if text.endswith("\n") else None


def last_step(stub) -> int:
    """Something that is cheap to request while the server is loading."""
    request = data_provider_pb2.ListScalarsRequest(plugin_filter={"plugin_name": "scalars"})
    tags = [tag for run in stub.ListScalars(request).runs for tag in run.tags]
    return tags[0].metadata.max_step if tags else -1


def points(stub) -> int:
    request = data_provider_pb2.ReadScalarsRequest(
        plugin_filter={"plugin_name": "scalars"}, downsample={"num_points": count})
    data = [tag.data for run in stub.ReadScalars(request).runs for tag in run.tags]
    return len(data[0].value) if data else 0


def read() -> float:
    with tempfile.TemporaryDirectory() as place:
        port_file = pathlib.Path(place) / "port"
        start = time.perf_counter()
        server = subprocess.Popen(
            [tensorboard_data_server.server_binary(), f"--logdir={folder}", "--port=0", f"--port-file={port_file}",
             "--reload=once", "--samples-per-plugin=scalars=all", "--die-after-stdin"], stdin=subprocess.PIPE)
        try:
            channel = grpc.insecure_channel(f"localhost:{until(lambda: port(port_file))}",
                                            options=[("grpc.max_receive_message_length", 1 << 28)])
            stub = data_provider_pb2_grpc.TensorBoardDataProviderStub(channel)
            until(lambda: last_step(stub) == count - 1)
            until(lambda: points(stub) == count)
            return time.perf_counter() - start
        finally:
            server.kill()
            server.wait()


read()
report("read", "s", [read() for _ in range(5)], {"points": count})
