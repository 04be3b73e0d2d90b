{{%AUTOESCAPE context="HTML"}}{{!
One operation: what went wrong, what now? then its history.
  HEAD              include: part_operation_head, which replaces itself while it is live
  LOG               include: part_log
  LOG_LINK          section: more than the page shows: LOG_URL LOG_WORDS, e.g. "The whole log"
  ATTEMPTS          section: there were some:
    ATTEMPT         section, repeated, newest first: NUMBER_TEXT ENDED_MARK ENDED WORKER STEP TOOK, and
                    include ATTEMPT_ERROR: part_sentence, the error's code or what happened
  CHANGES           section, of an upload: CHANGES_TITLE ("What it would change", "What it changed"), include
                    CHANGES_TEXT: part_sentence, and
    CHANGE          section, repeated: CHANGE_WORD, include CHANGE_FILE: part_sentence
  FILE_ERRORS       section, of an upload: FILE_ERRORS_TITLE ("2 files could not be read"), and
    FILE_ERROR      section, repeated: FILE_PLACE ("posts/kiln.md:1:1") FILE_ERROR_TEXT
  SIDES             section, of a task or comment: include SIDES_TEXT: part_sentence, and
    SIDE_ROW        section, repeated: SIDE_FIELD SIDE_LOCAL SIDE_BASE SIDE_REMOTE
    CALLS           section: CALL section, repeated: CALL_WORDS CALL_STATUS
  FACTS             include: part_facts
  DELIVERY          section: include DELIVERY_FACTS: part_facts
  POINTERS          section: include POINTER_FACTS: part_facts, what it replaced and who waits
}}{{>HEAD}}
<div class="aside">
<div>
<section aria-labelledby="log">
<header><h2 id="log">Timeline</h2><span class="soft"><span data-zone>UTC</span>, newest last{{#LOG_LINK}} · <a href="{{LOG_URL}}">{{LOG_WORDS}}</a>{{/LOG_LINK}}</span></header>
<ol class="log" aria-live="polite">
{{>LOG}}
</ol>
</section>
{{#ATTEMPTS}}
<div class="scroll" role="region" tabindex="0" aria-label="Attempts">
<table>
<caption>Attempts</caption>
<thead><tr><th scope="col" class="num">No</th><th scope="col">Ended as</th><th scope="col" class="md">Worker</th><th scope="col" class="md">Step</th><th scope="col" class="num">Took</th><th scope="col">Error</th></tr></thead>
<tbody>
{{#ATTEMPT}}
<tr><td class="num">{{NUMBER_TEXT}}</td><td><span class="st {{ENDED_MARK}}">{{ENDED}}</span></td><td class="md">{{WORKER}}</td><td class="md">{{STEP}}</td><td class="num">{{TOOK}}</td><td>{{>ATTEMPT_ERROR}}</td></tr>
{{/ATTEMPT}}
</tbody>
</table>
</div>
{{/ATTEMPTS}}
{{#CHANGES}}
<section aria-labelledby="chg">
<header><h2 id="chg">{{CHANGES_TITLE}}</h2><span class="soft">{{>CHANGES_TEXT}}</span></header>
<table aria-labelledby="chg">
<thead><tr><th scope="col">Change</th><th scope="col">File</th></tr></thead>
<tbody>
{{#CHANGE}}
<tr><td>{{CHANGE_WORD}}</td><td>{{>CHANGE_FILE}}</td></tr>
{{/CHANGE}}
</tbody>
</table>
</section>
{{/CHANGES}}
{{#FILE_ERRORS}}
<section aria-labelledby="ferr">
<header><h2 id="ferr">{{FILE_ERRORS_TITLE}}</h2><span class="soft">they keep their last good version</span></header>
<ul class="talk tight">
{{#FILE_ERROR}}
<li><code>{{FILE_PLACE}}</code><span>{{FILE_ERROR_TEXT}}</span></li>
{{/FILE_ERROR}}
</ul>
</section>
{{/FILE_ERRORS}}
{{#SIDES}}
<section aria-labelledby="sides">
<header><h2 id="sides">Both sides now</h2><span class="soft">{{>SIDES_TEXT}}</span></header>
<div class="scroll" role="region" tabindex="0" aria-label="Both sides">
<table aria-labelledby="sides">
<thead><tr><th scope="col">Field</th><th scope="col">Here</th><th scope="col">As GitHub last said</th><th scope="col">At GitHub</th></tr></thead>
<tbody>
{{#SIDE_ROW}}
<tr><th scope="row">{{SIDE_FIELD}}</th><td>{{SIDE_LOCAL}}</td><td>{{SIDE_BASE}}</td><td>{{SIDE_REMOTE}}</td></tr>
{{/SIDE_ROW}}
</tbody>
</table>
</div>
{{#CALLS}}
<ul class="talk tight" aria-label="Requests to GitHub">
{{#CALL}}
<li><code>{{CALL_WORDS}}</code><span>{{CALL_STATUS}}</span></li>
{{/CALL}}
</ul>
{{/CALLS}}
</section>
{{/SIDES}}
</div>
<div>
<section aria-labelledby="facts">
<h2 id="facts">Facts</h2>
<dl class="kv">
{{>FACTS}}
</dl>
</section>
{{#DELIVERY}}
<section aria-labelledby="del">
<h2 id="del">Delivery</h2>
<dl class="kv">
{{>DELIVERY_FACTS}}
</dl>
</section>
{{/DELIVERY}}
{{#POINTERS}}
<section aria-labelledby="ptr">
<h2 id="ptr">Before and after</h2>
<dl class="kv">
{{>POINTER_FACTS}}
</dl>
</section>
{{/POINTERS}}
</div>
</div>
