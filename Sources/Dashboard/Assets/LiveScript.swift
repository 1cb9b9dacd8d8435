/// The pages' one script: it keeps a page fresh and says how long ago things were. Without it everything still works.
enum LiveScript {
    /// The event stream names its events by type; a browser hears only types that it was told of.
    static let heard = """
        rollout.started rollout.succeeded rollout.failed-over rollout.failed rollout.timed-out rollout.degraded \
        rollout.indeterminate rollout.blocked rollout.held rollout.waiting rollout.superseded commit.held commit.approved \
        bot.contested bot.managed bot.unmanaged drift.detected drift.changed drift.resolved manifest.invalid \
        manifest.fixed source.rewritten source.untrusted source.unreachable source.recovered platform.halted \
        platform.held platform.released platform.unreachable platform.recovered audit.unpublished audit.broken \
        audit.mended sink.disabled sink.enabled sink.dead-letter decision.approve decision.release decision.waive \
        decision.suspend decision.resume decision.rollback
        """

    static let text = #"""
        "use strict";
        (() => {
          const types = "\#(heard)".split(" ");
          const body = document.body, main = document.getElementById("main");
          const pulse = document.getElementById("pulse"), said = document.getElementById("said");
          const pause = document.getElementById("pause");
          const pollEvery = Number(body.dataset.poll || 10) * 1000;
          let revision = body.dataset.revision, timer = 0, stream = null, isPaused = false, isAsking = false;
          let wanted = false, lastHeard = Date.now();

          const ago = (then) => {
            const seconds = Math.round((Date.now() - then) / 1000), ahead = seconds < 0, span = Math.abs(seconds);
            const [number, unit] = span < 60 ? [span, "s"] : span < 3600 ? [Math.floor(span / 60), "min"]
              : span < 172800 ? [Math.floor(span / 3600), "h"] : [Math.floor(span / 86400), "d"];
            return ahead ? `in ${number} ${unit}` : span < 2 ? "now" : `${number} ${unit} ago`;
          };
          const tellTimes = () => {
            for (const time of document.querySelectorAll("time[data-ago]")) {
              const then = Date.parse(time.dateTime);
              if (Number.isNaN(then)) continue;
              time.title = time.dateTime.slice(0, 19).replace("T", " ") + "Z";
              const text = ago(then);
              if (time.textContent !== text) time.textContent = text;
            }
          };

          // Changes what differs and leaves the rest alone: focus, selections and what is unfolded stay where they are.
          const keyOf = (node) => node.nodeType === 1 ? node.id || node.nodeName : node.nodeType;
          const morph = (old, fresh) => {
            if (old.nodeType !== 1) { if (old.data !== fresh.data) old.data = fresh.data; return; }
            for (const { name } of [...old.attributes])
              if (!fresh.hasAttribute(name) && name !== "open" && name !== "title") old.removeAttribute(name);
            for (const { name, value } of [...fresh.attributes])
              if (name !== "open" && old.getAttribute(name) !== value) old.setAttribute(name, value);
            if (old.matches("input, select, textarea")) return;
            if (old.matches("time[data-ago]")) return;
            let here = old.firstChild;
            for (const wish of [...fresh.childNodes]) {
              let same = here;
              if (here && keyOf(here) !== keyOf(wish))
                same = wish.id ? [...old.children].find((child) => child.id === wish.id) || null : null;
              if (!same) { old.insertBefore(document.importNode(wish, true), here); continue; }
              if (same !== here) old.insertBefore(same, here); else here = here.nextSibling;
              morph(same, wish);
            }
            while (here) { const next = here.nextSibling; here.remove(); here = next; }
          };

          const show = (text, state) => { pulse.textContent = text; pulse.className = state; };
          const tellPulse = () => {
            const clock = new Date(lastHeard).toISOString().slice(11, 19) + "Z";
            if (isPaused) show(`Paused at ${clock}`, "calm");
            else if (Date.now() - lastHeard > pollEvery * 3 + 5000) show(`No answer since ${clock}`, "fail");
            else show(`Live, ${clock}`, "good");
          };

          const refresh = async () => {
            if (isPaused || document.hidden) return;
            if (isAsking) { wanted = true; return; }
            isAsking = true;
            try {
              const answer = await fetch(location.href, { headers: { "If-None-Match": `"${revision}"` } });
              if (answer.status === 401) { location.reload(); return; }
              if (answer.ok) {
                const page = new DOMParser().parseFromString(await answer.text(), "text/html");
                const headline = main.querySelector("h1")?.textContent;
                morph(main, page.getElementById("main"));
                document.title = page.title;
                revision = page.body.dataset.revision;
                const now = main.querySelector("h1")?.textContent;
                if (now && now !== headline) said.textContent = now;
              }
              if (answer.ok || answer.status === 304) lastHeard = Date.now();
            } catch { /* the server is away: the pulse says so */ }
            isAsking = false;
            tellTimes();
            tellPulse();
            if (wanted) { wanted = false; soon(); }
          };
          const soon = () => { clearTimeout(timer); timer = setTimeout(tick, 400); };
          const tick = async () => {
            clearTimeout(timer);
            await refresh();
            timer = setTimeout(tick, pollEvery);
          };

          // One connection a visible page: browsers allow six to a server.
          const listen = () => {
            if (stream || isPaused || document.hidden) return;
            stream = new EventSource("/api/v1/events");
            for (const type of types) stream.addEventListener(type, soon);
          };
          const hush = () => { stream?.close(); stream = null; clearTimeout(timer); };

          tellTimes();
          setInterval(() => { tellTimes(); if (body.dataset.live) tellPulse(); }, 1000);
          if (!body.dataset.live) return;
          pause.hidden = false;
          pause.addEventListener("click", () => {
            isPaused = !isPaused;
            pause.setAttribute("aria-pressed", String(isPaused));
            if (isPaused) hush(); else { listen(); tick(); }
            tellPulse();
          });
          document.addEventListener("visibilitychange", () => {
            if (document.hidden) hush(); else { listen(); tick(); }
          });
          addEventListener("pagehide", hush);
          tellPulse();
          listen();
          timer = setTimeout(tick, pollEvery);
        })();
        """#
}
