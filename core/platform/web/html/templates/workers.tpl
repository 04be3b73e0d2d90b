{{%AUTOESCAPE context="HTML"}}{{!
Who works, at what, since when?
  WORKERS_TEXT      include: part_sentence, e.g. "3 daemons on 2 machines, 9 of 12 workers busy."
  LIST              include: part_workers
}}<div class="head"><div><h1>Workers</h1><p>{{>WORKERS_TEXT}}</p></div></div>
{{>LIST}}
