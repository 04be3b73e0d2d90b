{{%AUTOESCAPE context="HTML"}}{{!
Daemons and their workers; it replaces itself.
  LIVE              section: PART_URL (with seen=<digest>) POLL_SECONDS
  EMPTY             section: EMPTY_TEXT says that no daemon runs, and how to start one
  DAEMON            section, repeated: DAEMON_ID (letters, digits, '-'), DAEMON_NAME STATE_MARK STATE, include
                    DAEMON_TEXT: part_sentence, e.g. "version 0.9.2, listener, workers, web; up 6 d"
    WORKER          section, repeated: WORKER_NAME LANE, include WORKER_TASK: part_sentence, STEP FOR_TEXT
}}<div id="workers-list" class="live"{{#LIVE}} hx-get="{{PART_URL}}" hx-trigger="every {{POLL_SECONDS}}s" hx-swap="outerHTML"{{/LIVE}}>
{{#EMPTY}}
<p class="soft">{{EMPTY_TEXT}}</p>
{{/EMPTY}}
{{#DAEMON}}
<section aria-labelledby="daemon-{{DAEMON_ID}}">
<header><h2 id="daemon-{{DAEMON_ID}}">{{DAEMON_NAME}} <span class="st {{STATE_MARK}}">{{STATE}}</span></h2><span class="soft">{{>DAEMON_TEXT}}</span></header>
<table aria-labelledby="daemon-{{DAEMON_ID}}">
<thead><tr><th scope="col">Worker</th><th scope="col" class="md">Lane</th><th scope="col">Runs</th><th scope="col" class="md">Step</th><th scope="col" class="num">For</th></tr></thead>
<tbody>
{{#WORKER}}
<tr><th scope="row" class="main">{{WORKER_NAME}}</th><td class="md">{{LANE}}</td><td>{{>WORKER_TASK}}</td><td class="md">{{STEP}}</td><td class="num">{{FOR_TEXT}}</td></tr>
{{/WORKER}}
</tbody>
</table>
</section>
{{/DAEMON}}
</div>
