{{%AUTOESCAPE context="HTML"}}{{!
Does it flow, what holds it?
  QUEUE_TEXT        include: part_sentence, e.g. "Flows. 42 wait, the oldest for 4 s."
  RANGE             section, repeated: RANGE_URL RANGE_WORDS (1 h, 24 h, 30 d), CURRENT
  MAY_PAUSE         section: PAUSE_URL PAUSE_WORDS, "Pause all…" or "Resume all…"
  NOW               include: part_queue_now, which replaces itself
  CHART             include, repeated: part_chart; two beside each other
}}<div class="head">
<div><h1>Queue</h1><p>{{>QUEUE_TEXT}}</p></div>
<div class="acts"><nav aria-label="Range"><ul class="chips">{{#RANGE}}<li><a class="chip" href="{{RANGE_URL}}"{{#CURRENT}} aria-current="true"{{/CURRENT}}>{{RANGE_WORDS}}</a></li>{{/RANGE}}</ul></nav>{{#MAY_PAUSE}}<a class="btn danger" href="{{PAUSE_URL}}">{{PAUSE_WORDS}}</a>{{/MAY_PAUSE}}</div>
</div>
{{>NOW}}
<div class="two">
{{>CHART}}
</div>
