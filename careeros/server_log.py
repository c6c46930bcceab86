"""What gunicorn itself says, in the form of the site's other lines and as silent about people."""

from typing import Any

from gunicorn.config import Config
from gunicorn.glogging import Logger

from careeros.logs import JSONLines


class ServerLog(Logger):
    """Each line is one JSON object. What came in has no place in one: it may hold an address or a secret link."""

    def setup(self, cfg: Config) -> None:
        """Called at the start and again at each reload, which replaces the handlers."""
        super().setup(cfg)  # type: ignore[no-untyped-call]
        for handler in self.error_log.handlers:
            handler.setFormatter(JSONLines())

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Of a request that cannot be read gunicorn tells the client's address and the header: it is not told."""
        if not msg.startswith("Invalid request from"):
            super().warning(msg, *args, **kwargs)  # type: ignore[no-untyped-call]

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """Of a request that failed gunicorn tells the address asked for; the request's own line has it, and its id."""
        if str(msg).startswith("Error handling request"):
            msg, args = "A request could not be answered.", ()
        super().exception(msg, *args, **kwargs)  # type: ignore[no-untyped-call]
