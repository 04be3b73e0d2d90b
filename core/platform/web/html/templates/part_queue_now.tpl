{{%AUTOESCAPE context="HTML"}}{{!
What waits and runs now, gates, pauses and errors; it replaces itself.
  LIVE              section: PART_URL (with seen=<digest>) POLL_SECONDS
  KIND_ROW          section, repeated: KIND DIRECTION WAITING RUNNING WAIT_TEXT RUN_TEXT ("0.4 / 2.9 s") FAILED
    PAUSED          section: it is paused
    MAY_SWITCH      section: the reader may pause: SWITCH_URL SWITCH_WORDS, "Pause" or "Resume"
  GATES             section: some are closed:
    GATE            section, repeated: GATE_NAME GATE_WHAT ("outbound", "kind"), include GATE_WHY: part_sentence
      ENDS          section: ENDS_UTC ENDS_TEXT
      NO_END        section, else
      OPEN_GATE     section: OPEN_URL OPEN_WORDS
  NO_GATES          section, else
  ERRORS            section: there were some:
    ERROR_ROW       section, repeated: ERROR_URL ERROR_CODE ENDED_COUNT LAST_UTC LAST
  NO_ERRORS         section, else
}}<div id="queue-now" class="live"{{#LIVE}} hx-get="{{PART_URL}}" hx-trigger="every {{POLL_SECONDS}}s" hx-swap="outerHTML"{{/LIVE}}>
<div class="scroll" role="region" tabindex="0" aria-label="By kind, now">
<table>
<caption>By kind, now</caption>
<thead><tr><th scope="col">Kind</th><th scope="col" class="num">Waiting</th><th scope="col" class="num md">Running</th><th scope="col" class="num md">Wait p50 / p99</th><th scope="col" class="num lo">Run p50 / p99</th><th scope="col" class="num md">Failed 24 h</th><th scope="col" class="num"><span class="vh">Act</span></th></tr></thead>
<tbody>
{{#KIND_ROW}}
<tr><th scope="row" class="main">{{KIND}} <span class="soft">{{DIRECTION}}</span>{{#PAUSED}} <span class="st hold">paused</span>{{/PAUSED}}</th><td class="num">{{WAITING}}</td><td class="num md">{{RUNNING}}</td><td class="num md">{{WAIT_TEXT}}</td><td class="num lo">{{RUN_TEXT}}</td><td class="num md">{{FAILED}}</td><td class="num">{{#MAY_SWITCH}}<a class="link" href="{{SWITCH_URL}}">{{SWITCH_WORDS}}<span class="vh"> {{KIND}}, {{DIRECTION}}</span></a>{{/MAY_SWITCH}}</td></tr>
{{/KIND_ROW}}
</tbody>
</table>
</div>
<div class="two">
<section aria-labelledby="gates">
<h2 id="gates">Gates and pauses</h2>
{{#NO_GATES}}
<p class="soft">None: nothing is paused, and no limit of a server is in the way.</p>
{{/NO_GATES}}
{{#GATES}}
<table aria-labelledby="gates">
<thead><tr><th scope="col">What</th><th scope="col">Why</th><th scope="col" class="num">Ends</th></tr></thead>
<tbody>
{{#GATE}}
<tr><th scope="row" class="main">{{GATE_NAME}}<small class="soft">{{GATE_WHAT}}</small></th><td>{{>GATE_WHY}}{{#OPEN_GATE}} <a class="link" href="{{OPEN_URL}}">{{OPEN_WORDS}}<span class="vh"> {{GATE_NAME}}</span></a>{{/OPEN_GATE}}</td><td class="num">{{#ENDS}}<time datetime="{{ENDS_UTC}}">{{ENDS_TEXT}}</time>{{/ENDS}}{{#NO_END}}–{{/NO_END}}</td></tr>
{{/GATE}}
</tbody>
</table>
{{/GATES}}
</section>
<section aria-labelledby="errors">
<h2 id="errors">Errors by code, 24 h</h2>
{{#NO_ERRORS}}
<p class="soft">None in 24 h.</p>
{{/NO_ERRORS}}
{{#ERRORS}}
<table aria-labelledby="errors">
<thead><tr><th scope="col">Code</th><th scope="col" class="num">Ended</th><th scope="col" class="num">Last</th></tr></thead>
<tbody>
{{#ERROR_ROW}}
<tr><th scope="row" class="main"><a href="{{ERROR_URL}}"><code>{{ERROR_CODE}}</code></a></th><td class="num">{{ENDED_COUNT}}</td><td class="num"><time datetime="{{LAST_UTC}}" data-age>{{LAST}}</time></td></tr>
{{/ERROR_ROW}}
</tbody>
</table>
{{/ERRORS}}
</section>
</div>
</div>
