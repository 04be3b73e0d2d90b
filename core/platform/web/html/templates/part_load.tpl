{{%AUTOESCAPE context="HTML"}}{{!
A load of a repository, which replaces itself while it runs.
  LIVE              section: PART_URL (with seen=<digest>) POLL_SECONDS
  LOAD_ID           letters, digits, '-'
  LOAD_TITLE        e.g. "Loading mira/garden"
  LOAD_TEXT         include: part_sentence, e.g. "started 14:31:49, asked for by ada"
  PROGRESS_TEXT     e.g. "Issues: page 34 of 61, 3 400 read, 212 changed."
  PROGRESS          section: its end is known: DONE_NUMBER ALL_MAX
  STEP_ITEM         section, repeated: STEP_MARK STEP_NAME STEP_TEXT
  MAY_STOP          section: ACT_URL CSRF
}}<section id="load-{{LOAD_ID}}" aria-labelledby="load-{{LOAD_ID}}-title"{{#LIVE}} hx-get="{{PART_URL}}" hx-trigger="every {{POLL_SECONDS}}s" hx-swap="outerHTML"{{/LIVE}}>
<header><h2 id="load-{{LOAD_ID}}-title">{{LOAD_TITLE}}</h2><span class="soft">{{>LOAD_TEXT}}</span></header>
<p>{{PROGRESS_TEXT}}</p>
{{#PROGRESS}}
<progress value="{{DONE_NUMBER}}" max="{{ALL_MAX}}" aria-labelledby="load-{{LOAD_ID}}-title">{{PROGRESS_TEXT}}</progress>
{{/PROGRESS}}
<ol class="steps">{{#STEP_ITEM}}<li><span class="st {{STEP_MARK}}">{{STEP_NAME}}</span><small class="soft">{{STEP_TEXT}}</small></li>{{/STEP_ITEM}}</ol>
{{#MAY_STOP}}
<form method="post" action="{{ACT_URL}}"><input type="hidden" name="_csrf" value="{{CSRF}}"><button class="danger" name="act" value="stop">Stop loading</button></form>
{{/MAY_STOP}}
</section>
