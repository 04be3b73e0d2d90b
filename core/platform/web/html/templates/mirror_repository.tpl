{{%AUTOESCAPE context="HTML"}}{{!
One mirrored repository: what is known of it, how fresh is it, does GitHub tell of its changes?
  MIRROR_URL        back to the list
  REPOSITORY        "ada/notes"
  HOOK_MARK HOOK    set_state(): on, off, unconfirmed, lost, not loaded
  REPOSITORY_TEXT   include: part_sentence, e.g. "private, yours; last told of 4 min ago"
  ACTS              section: ACT_URL CSRF REPOSITORY
    ACT             section, repeated: ACT_NAME ("on", "off", "load", "hooks") ACT_WORDS
  PROBLEM           section, repeated: PROBLEM_MARK PROBLEM_TITLE, include PROBLEM_TEXT: part_sentence
  LOAD              include, where it is being loaded: part_load, which replaces itself
  LIST_LINE         section, repeated: LIST_NAME ROW_COUNT SCANNED (an age, or "never")
  SCANS             section:
    SCAN            section, repeated, newest first: SCAN_MARK SCAN_PHASE SCAN_LIST ITEMS REQUESTS TOOK AGE_UTC AGE
  NO_SCANS          section, else
  FACTS             include: part_facts
}}<div class="head">
<div><p class="crumb"><a href="{{MIRROR_URL}}">Mirror</a></p><h1>{{REPOSITORY}}</h1><div class="line"><span class="st {{HOOK_MARK}}">{{HOOK}}</span><span>{{>REPOSITORY_TEXT}}</span></div></div>
{{#ACTS}}<form class="acts" method="post" action="{{ACT_URL}}"><input type="hidden" name="_csrf" value="{{CSRF}}">{{#ACT}}<button name="{{ACT_NAME}}" value="{{REPOSITORY}}">{{ACT_WORDS}}</button>{{/ACT}}</form>{{/ACTS}}
</div>
{{#PROBLEM}}
<div class="note {{PROBLEM_MARK}}"><h2>{{PROBLEM_TITLE}}</h2><p>{{>PROBLEM_TEXT}}</p></div>
{{/PROBLEM}}
{{>LOAD}}
<div class="aside">
<div>
<table>
<caption>Lists</caption>
<thead><tr><th scope="col">List</th><th scope="col" class="num">Rows</th><th scope="col" class="num">Read whole</th></tr></thead>
<tbody>
{{#LIST_LINE}}
<tr><th scope="row" class="main">{{LIST_NAME}}</th><td class="num">{{ROW_COUNT}}</td><td class="num">{{SCANNED}}</td></tr>
{{/LIST_LINE}}
</tbody>
</table>
{{#SCANS}}
<div class="scroll" role="region" tabindex="0" aria-label="Last readings">
<table>
<caption>Last readings</caption>
<thead><tr><th scope="col">Phase</th><th scope="col">List</th><th scope="col" class="num">Items</th><th scope="col" class="num md">Requests</th><th scope="col" class="num lo">Took</th><th scope="col" class="num">Began</th></tr></thead>
<tbody>
{{#SCAN}}
<tr><td><span class="st {{SCAN_MARK}}">{{SCAN_PHASE}}</span></td><th scope="row" class="main">{{SCAN_LIST}}</th><td class="num">{{ITEMS}}</td><td class="num md">{{REQUESTS}}</td><td class="num lo">{{TOOK}}</td><td class="num"><time datetime="{{AGE_UTC}}" data-age>{{AGE}}</time></td></tr>
{{/SCAN}}
</tbody>
</table>
</div>
{{/SCANS}}
{{#NO_SCANS}}
<p class="soft">No list was read yet. Load it, and its rows come with the first pages.</p>
{{/NO_SCANS}}
</div>
<section aria-labelledby="facts">
<h2 id="facts">Facts</h2>
<dl class="kv">
{{>FACTS}}
</dl>
</section>
</div>
