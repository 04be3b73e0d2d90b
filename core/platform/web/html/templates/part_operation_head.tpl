{{%AUTOESCAPE context="HTML"}}{{!
The head of an operation: state, acts, its error before its history, the steps. A part that replaces itself.
  LIVE              section, until it has ended: PART_URL (with seen=<digest>) POLL_SECONDS
  OPERATIONS_URL    back to the list
  OPERATION_TITLE   e.g. "Upload of ada/notes"
  STATE_MARK STATE  set_state()
  STATE_TEXT        include: part_sentence, e.g. "at publish, attempt 12 of 12, ended 14:28:11 UTC"
  ACTS              section: the reader may act: ACT_URL CSRF, and the sections
    REPLAY          REPLAY_WORDS, e.g. "Replay from publish"
    REPLAY_START    no names: there is a step before
    FORCE           no names
    APPROVE         no names: it is held
    CANCEL          no names: it has not ended
  PROBLEM           section: it has an error, or is held: PROBLEM_MARK ("bad" or "warn") PROBLEM_TITLE, includes
                    PROBLEM_TEXT (what is true now, what to do) and PROBLEM_CODE: part_sentence
  PROGRESS          section, of an act on many: PROGRESS_TITLE PROGRESS_TEXT DONE_NUMBER ALL_MAX
  STEPS             section: STEPS_TITLE, and
    STEP_ITEM       section, repeated: STEP_MARK STEP_NAME STEP_TEXT
}}<div id="operation-head" class="live"{{#LIVE}} hx-get="{{PART_URL}}" hx-trigger="every {{POLL_SECONDS}}s" hx-swap="outerHTML"{{/LIVE}}>
<div class="head">
<div>
<p class="crumb"><a href="{{OPERATIONS_URL}}">Operations</a></p>
<h1>{{OPERATION_TITLE}}</h1>
<div class="line"><span class="st {{STATE_MARK}}">{{STATE}}</span><span>{{>STATE_TEXT}}</span></div>
</div>
{{#ACTS}}
<form class="acts" method="post" action="{{ACT_URL}}"><input type="hidden" name="_csrf" value="{{CSRF}}">{{#APPROVE}}<button class="go" name="act" value="approve">Approve…</button>{{/APPROVE}}{{#REPLAY}}<button class="go" name="act" value="replay">{{REPLAY_WORDS}}</button>{{/REPLAY}}{{#REPLAY_START}}<button name="act" value="replay_start">Replay from the start</button>{{/REPLAY_START}}{{#FORCE}}<button name="act" value="force">Force…</button>{{/FORCE}}{{#CANCEL}}<button class="danger" name="act" value="cancel">Cancel…</button>{{/CANCEL}}</form>
{{/ACTS}}
</div>
{{#PROBLEM}}
<div class="note {{PROBLEM_MARK}}">
<h2>{{PROBLEM_TITLE}}</h2>
<p>{{>PROBLEM_TEXT}}</p>
<p class="soft">{{>PROBLEM_CODE}}</p>
</div>
{{/PROBLEM}}
{{#PROGRESS}}
<section aria-labelledby="progress">
<h2 id="progress">{{PROGRESS_TITLE}}</h2>
<progress value="{{DONE_NUMBER}}" max="{{ALL_MAX}}" aria-labelledby="progress">{{PROGRESS_TEXT}}</progress>
<p>{{PROGRESS_TEXT}}</p>
</section>
{{/PROGRESS}}
{{#STEPS}}
<section aria-labelledby="steps">
<h2 id="steps">{{STEPS_TITLE}}</h2>
<ol class="steps">{{#STEP_ITEM}}<li><span class="st {{STEP_MARK}}">{{STEP_NAME}}</span><small class="soft">{{STEP_TEXT}}</small></li>{{/STEP_ITEM}}</ol>
</section>
{{/STEPS}}
</div>
