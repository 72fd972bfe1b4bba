"""What the browser needs before Streamlit's script runs."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Streamlit draws a page piece by piece, and the rules of style arrive among them. It is shown when its script has
# ended, or after a while, so that nothing moves before one's eyes.
STYLE = b"""<style>html.wb-arriving [data-testid="stAppViewContainer"] { visibility: hidden; }</style>
<script>
{
  const { classList } = document.documentElement;
  classList.add("wb-arriving");
  const show = () => classList.remove("wb-arriving");
  new MutationObserver((_, watch) => {
    const done = "[data-test-script-state=notRunning] [data-testid=stHtml] style, [data-testid=stProgress]";
    if (!document.querySelector(done)) return;
    watch.disconnect();
    requestAnimationFrame(show);
  }).observe(document, { subtree: true, childList: true, attributeFilter: ["data-test-script-state"] });
  setTimeout(show, 3000);
}
</script>"""


class FirstPaint:
    """ASGI middleware that puts `STYLE` into the head of Streamlit's page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wants_page = scope["type"] == "http" and any(
            name == b"accept" and b"text/html" in value for name, value in scope["headers"]
        )
        if not wants_page:
            await self.app(scope, receive, send)
            return
        start: Message = {}
        body = b""

        async def send_page(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            body += message.get("body", b"")
            if not message.get("more_body"):
                await _send(start, body, send)

        plain = [header for header in scope["headers"] if header[0] not in UNCHANGED]
        await self.app(scope | {"headers": plain}, receive, send_page)


# A page with our style in it is neither compressed yet, nor the one that Streamlit's tag names.
UNCHANGED = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")


async def _send(start: Message, body: bytes, send: Send) -> None:
    headers = MutableHeaders(scope=start)
    if headers.get("content-type", "").startswith("text/html") and start["status"] == 200:
        body = body.replace(b"</head>", STYLE + b"</head>", 1)
        headers["content-length"] = str(len(body))
        for name in ("etag", "last-modified", "accept-ranges"):
            del headers[name]
    await send(start)
    await send({"type": "http.response.body", "body": body})
