{{%AUTOESCAPE context="HTML"}}{{!
Did it come, what did it make?
  VERDICT_CHIP      section, repeated: VERDICT_URL VERDICT_WORDS VERDICT_COUNT (may be empty), CURRENT
  LIST              include: part_deliveries
}}<div class="head"><div><h1>Deliveries</h1><p>Webhooks as GitHub sent them, newest first. Each accepted one says what it made.</p></div></div>
<nav aria-label="Verdicts"><ul class="chips">
{{#VERDICT_CHIP}}
<li><a class="chip" href="{{VERDICT_URL}}"{{#CURRENT}} aria-current="true"{{/CURRENT}}>{{VERDICT_WORDS}}<b>{{VERDICT_COUNT}}</b></a></li>
{{/VERDICT_CHIP}}
</ul></nav>
{{>LIST}}
