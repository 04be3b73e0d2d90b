{{%AUTOESCAPE context="HTML"}}{{!
Who did what, and why?
  ACTOR_TEXT ACT_TEXT TARGET_TEXT   what stands in the fields of the filter
  FORM_URL
  EMPTY             section: EMPTY_TEXT
  ROWS              section:
    ROW             section, repeated, newest first: AT_UTC AT ACTOR ADDRESS ACT, include TARGET: part_sentence, COUNT_TEXT
                    REASON RESULT
  OLDER             section: OLDER_URL
}}<div class="head"><div><h1>Audit</h1><p>Each act of a person, by page, command line or API, newest first. Nothing here is changed or taken away.</p></div></div>
<details><summary>Filter</summary>
<form class="cols" action="{{FORM_URL}}">
<div class="field"><label for="f-actor">Actor</label><input id="f-actor" name="actor" value="{{ACTOR_TEXT}}" maxlength="100"></div>
<div class="field"><label for="f-act">Act</label><input id="f-act" name="act" value="{{ACT_TEXT}}" maxlength="100"></div>
<div class="field"><label for="f-target">Target</label><input id="f-target" name="target" value="{{TARGET_TEXT}}" maxlength="200"></div>
<div class="acts"><button>Filter</button></div>
</form>
</details>
{{#EMPTY}}
<p class="soft">{{EMPTY_TEXT}}</p>
{{/EMPTY}}
{{#ROWS}}
<table class="stack" role="table">
<caption class="vh">Acts, newest first</caption>
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Act</th><th scope="col" role="columnheader">Who, and on what</th><th scope="col" class="num md" role="columnheader">Count</th><th scope="col" class="md" role="columnheader">Reason</th><th scope="col" class="lo" role="columnheader">Result</th><th scope="col" class="num" role="columnheader">At</th></tr></thead>
<tbody role="rowgroup">
{{#ROW}}
<tr role="row"><td role="cell">{{ACT}}</td><th scope="row" class="main" role="rowheader">{{>TARGET}}<small class="soft">{{ACTOR}}, {{ADDRESS}}</small></th><td class="num md" role="cell">{{COUNT_TEXT}}</td><td class="md" role="cell">{{REASON}}</td><td class="lo" role="cell">{{RESULT}}</td><td class="num age" role="cell"><time datetime="{{AT_UTC}}">{{AT}}</time></td></tr>
{{/ROW}}
</tbody>
</table>
{{/ROWS}}
{{#OLDER}}
<nav aria-label="Pages" class="line"><a href="{{OLDER_URL}}">Older</a></nav>
{{/OLDER}}
