"""Is it alive, can it serve, and how is it doing."""

from __future__ import annotations

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import select

from app.process.metrics import exposed
from app.process.runtime import Runtime
from models import schema
from models.tables import Version


def make_router(runtime: Runtime) -> APIRouter:
    router = APIRouter()

    @router.get("/healthz")
    def alive() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @router.get("/readyz")
    def ready(response: Response) -> dict[str, str]:
        """The database answers and its schema is one this code can work on."""
        try:
            at = schema.current(runtime.database)
            with runtime.database.read() as connection:
                connection.execute(select(Version.name).limit(1)).all()
        except Exception:  # noqa: BLE001 - whatever it is, we cannot serve
            response.status_code = 503
            return {"status": "unavailable", "reason": "database"}
        if not schema.fits(at):
            response.status_code = 503
            return {"status": "unavailable", "reason": "schema", "at": str(at), "expected": str(schema.newest())}
        return {"status": "ready", "schema": str(at)}

    @router.get("/metrics")
    def metrics() -> Response:
        """Prometheus text."""
        return Response(exposed(runtime), media_type=CONTENT_TYPE_LATEST)

    return router
