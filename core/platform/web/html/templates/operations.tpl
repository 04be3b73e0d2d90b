{{%AUTOESCAPE context="HTML"}}{{!
The list of operations: which ones, and why.
  HEAD_TEXT         e.g. "17 failed, newest first."
  STATE_CHIP        section, repeated: STATE_URL STATE_TITLE STATE_COUNT (may be empty), CURRENT
  FILTERS           section: some are active: CLEAR_URL and
    FILTER          section, repeated: FILTER_NAME FILTER_VALUE REMOVE_URL
  FORM_URL          where the form of more filters goes
  KEPT              section, repeated: KEPT_NAME KEPT_VALUE, the filters that the form keeps
  KIND_OPTION       section, repeated: KIND, SELECTED
  KEY_TEXT CODE_TEXT OWNER_TEXT    what stands in the fields
  LIST              include: part_operations
}}<div class="head">
<div><h1>Operations</h1><p>{{HEAD_TEXT}}</p></div>
</div>
<div class="bar">
<nav aria-label="States"><ul class="chips">
{{#STATE_CHIP}}
<li><a class="chip" href="{{STATE_URL}}"{{#CURRENT}} aria-current="true"{{/CURRENT}}>{{STATE_TITLE}}<b>{{STATE_COUNT}}</b></a></li>
{{/STATE_CHIP}}
</ul></nav>
{{#FILTERS}}
<ul class="chips" aria-label="Filters">
{{#FILTER}}
<li><a class="chip" href="{{REMOVE_URL}}"><b>{{FILTER_NAME}}</b> {{FILTER_VALUE}} <span aria-hidden="true">×</span><span class="vh">, remove this filter</span></a></li>
{{/FILTER}}
<li><a href="{{CLEAR_URL}}">Clear</a></li>
</ul>
{{/FILTERS}}
<details><summary>Add a filter</summary>
<form class="cols" action="{{FORM_URL}}">
{{#KEPT}}
<input type="hidden" name="{{KEPT_NAME}}" value="{{KEPT_VALUE}}">
{{/KEPT}}
<div class="field"><label for="f-kind">Kind</label><select id="f-kind" name="kind"><option value="">any</option>{{#KIND_OPTION}}<option{{#SELECTED}} selected{{/SELECTED}}>{{KIND}}</option>{{/KIND_OPTION}}</select></div>
<div class="field"><label for="f-key">Blog, repository or key</label><input id="f-key" name="key" value="{{KEY_TEXT}}" maxlength="200"></div>
<div class="field"><label for="f-code">Error code</label><input id="f-code" name="code" value="{{CODE_TEXT}}" maxlength="100"></div>
<div class="field"><label for="f-owner">Owner</label><input id="f-owner" name="owner" value="{{OWNER_TEXT}}" maxlength="100"></div>
<div class="acts"><button>Filter</button></div>
</form>
</details>
</div>
{{>LIST}}
