"""A rollback client in the manner of the tutorial, on the standard library alone.

The endpoints, their order and the checks are the tutorial's; it polls sooner, so that a test need not wait for it.

usage: rollback_client.py TENANT_URL API_KEY BOT_ID TARGET_VERSION WEBHOOK_URL AUDIT_FILE
"""
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime, timezone

ENVIRONMENT = "PRODUCTION"
FALLBACK = "v_2"
MESSAGE, INTENT, BASELINE = "I need help with my order", "order_support", 0.85


class Platform:
    def __init__(self, url, key):
        self.url, self.key = url.rstrip("/"), key

    def call(self, method, path, query=None, body=None):
        url = self.url + path + ("?" + urllib.parse.urlencode(query) if query else "")
        request = urllib.request.Request(url, method=method, data=None if body is None else json.dumps(body).encode())
        request.add_header("Authorization", "Bearer " + self.key)
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)


def validate_target(platform, bot, target):
    answer = platform.call("GET", f"/api/v1/bots/{bot}/versions", {"page": 1, "size": 50})
    if not answer.get("success"):
        raise RuntimeError("Version fetch failed: " + str(answer.get("message")))
    found = [version for version in answer["data"] if version["id"] == target]
    if not found:
        raise ValueError(f"Version {target} not found")
    if found[0]["status"] != "PUBLISHED":
        raise ValueError("Target version must be PUBLISHED")
    if found[0].get("environment") != ENVIRONMENT:
        raise ValueError("Version environment mismatch")


def check_sessions(platform, bot, most=0):
    answer = platform.call("GET", "/api/v1/sessions", {"status": "active", "botId": bot})
    count = len(answer.get("data", []))
    if count > most:
        raise RuntimeError(f"Rollback blocked. Active sessions ({count}) exceed threshold ({most}).")


def trigger(platform, bot, target):
    order = {
        "botId": bot, "targetVersionId": target, "environment": ENVIRONMENT,
        "action": "ROLLBACK", "validateDependencies": True, "force": False,
    }
    try:
        answer = platform.call("POST", "/api/v1/deployments", body=order)
    except urllib.error.HTTPError as error:
        if error.code == 409:
            raise RuntimeError("Dependency validation failed.") from error
        raise
    if not answer.get("success"):
        raise RuntimeError("Deployment trigger failed: " + str(answer.get("message")))
    return answer["data"]["jobId"]


def poll(platform, bot, job):
    delay = 0.05
    for _ in range(60):
        try:
            state = platform.call("GET", f"/api/v1/deployments/{job}/status")["data"]
        except urllib.error.HTTPError as error:
            if error.code != 429:
                raise
            time.sleep(int(error.headers.get("Retry-After", 1)))
            continue
        if state["state"] == "COMPLETED":
            return
        if state["state"] == "FAILED":
            trigger(platform, bot, FALLBACK)
            raise RuntimeError("Rollback job failed: " + state.get("errorMessage", "unknown"))
        time.sleep(delay)
        delay = min(delay * 1.5, 1)
    raise TimeoutError(f"Job {job} did not complete")


def verify(platform, bot):
    start = time.monotonic()
    answer = platform.call("POST", f"/api/v1/bots/{bot}/test", body={"message": MESSAGE}).get("data", {})
    intent = answer.get("intent", {})
    passed = intent.get("name") == INTENT and intent.get("confidence", 0) >= BASELINE
    return {
        "botId": bot, "detectedIntent": intent.get("name"), "confidence": intent.get("confidence"),
        "latencyMs": round((time.monotonic() - start) * 1000, 2), "verificationPassed": passed,
    }


def report(webhook, audit, bot, target, job, metrics):
    event = {
        "eventType": "BOT_VERSION_ROLLBACK", "botId": bot, "targetVersionId": target, "jobId": job,
        "status": "SUCCESS" if metrics["verificationPassed"] else "FAILED", "metrics": metrics,
        "timestamp": datetime.now(timezone.utc).isoformat(),
    }
    request = urllib.request.Request(
        webhook, data=json.dumps(event).encode(), headers={"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=10).close()
    with open(audit, "a", encoding="utf-8") as file:
        file.write(json.dumps({**event, "complianceTag": "GOVERNANCE_ROLLBACK_EVENT"}) + "\n")


def main(url, key, bot, target, webhook, audit):
    platform = Platform(url, key)
    validate_target(platform, bot, target)
    check_sessions(platform, bot)
    job = trigger(platform, bot, target)
    poll(platform, bot, job)
    report(webhook, audit, bot, target, job, verify(platform, bot))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Exception as error:
        sys.exit(f"Rollback workflow failed: {error}")
