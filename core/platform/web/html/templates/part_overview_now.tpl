{{%AUTOESCAPE context="HTML"}}{{!
The figures of an operator's overview, which replace themselves.
  LIVE              section: PART_URL (with seen=<digest>) POLL_SECONDS
  FIGURE            section, repeated: FIGURE_NAME FIGURE_TEXT FIGURE_CONTEXT, e.g. "Waiting" "42" "31 of them limited"
  RUNNING           section: something runs: RUNNING_URL RUNNING_WORDS ("All 9"), and
    RUN             section, repeated: OPERATION_URL TARGET STEP FOR_TEXT WORKER
  IDLE              section: nothing runs
  THROUGHPUT        include: part_chart
  DAEMON            section, repeated: DAEMON_NAME STATE_MARK STATE DAEMON_VERSION BUSY UP SEEN_UTC SEEN
  WORKERS_URL
}}<div id="overview-now" class="live"{{#LIVE}} hx-get="{{PART_URL}}" hx-trigger="every {{POLL_SECONDS}}s" hx-swap="outerHTML"{{/LIVE}}>
<dl class="figs" aria-label="Now">
{{#FIGURE}}
<div><dt>{{FIGURE_NAME}}</dt><dd>{{FIGURE_TEXT}}</dd><dd>{{FIGURE_CONTEXT}}</dd></div>
{{/FIGURE}}
</dl>
<div class="two">
<section aria-labelledby="run">
<header><h2 id="run">Running now</h2>{{#RUNNING}}<a href="{{RUNNING_URL}}">{{RUNNING_WORDS}}</a>{{/RUNNING}}</header>
{{#RUNNING}}
<table aria-labelledby="run">
<thead><tr><th scope="col">What</th><th scope="col">Step</th><th scope="col" class="num">For</th><th scope="col" class="md">Worker</th></tr></thead>
<tbody>
{{#RUN}}
<tr><th scope="row" class="main"><a href="{{OPERATION_URL}}">{{TARGET}}</a></th><td>{{STEP}}</td><td class="num">{{FOR_TEXT}}</td><td class="md">{{WORKER}}</td></tr>
{{/RUN}}
</tbody>
</table>
{{/RUNNING}}
{{#IDLE}}
<p class="soft">Nothing runs. Each push, load and sync will stand here while it does.</p>
{{/IDLE}}
</section>
{{>THROUGHPUT}}
</div>
<section aria-labelledby="daemons">
<header><h2 id="daemons">Daemons</h2><a href="{{WORKERS_URL}}">Workers</a></header>
<table aria-labelledby="daemons">
<thead><tr><th scope="col">Daemon</th><th scope="col">State</th><th scope="col" class="md">Version</th><th scope="col" class="num">Busy</th><th scope="col" class="num md">Up</th><th scope="col" class="num">Seen</th></tr></thead>
<tbody>
{{#DAEMON}}
<tr><th scope="row" class="main">{{DAEMON_NAME}}</th><td><span class="st {{STATE_MARK}}">{{STATE}}</span></td><td class="md">{{DAEMON_VERSION}}</td><td class="num">{{BUSY}}</td><td class="num md">{{UP}}</td><td class="num"><time datetime="{{SEEN_UTC}}" data-age>{{SEEN}}</time></td></tr>
{{/DAEMON}}
</tbody>
</table>
</section>
</div>
