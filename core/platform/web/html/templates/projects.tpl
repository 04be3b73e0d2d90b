{{%AUTOESCAPE context="HTML"}}{{!
The projects that the reader may see, and the form that makes one.
  PROJECTS_TEXT     include: part_sentence
  OFF               section: include OFF_TEXT: part_sentence
  MAKE              section: ACT_URL CSRF SLUG_TEXT TITLE_TEXT OWNER_NAME, as typed before
    OPENED          section, no names: the form is what he wants to see
    WRONG           section: WRONG_TEXT
    RIGHT           section, else
  EMPTY             section: include EMPTY_TEXT: part_sentence
  ROWS              section:
    ROW             section, repeated: PROJECT_URL PROJECT_NAME PROJECT_TITLE SEEN_BY TASK_COUNT REPOSITORY_COUNT
  OLDER             section: OLDER_URL
}}<div class="head"><div><h1>Projects</h1><p>{{>PROJECTS_TEXT}}</p></div></div>
{{#OFF}}
<p class="soft">{{>OFF_TEXT}}</p>
{{/OFF}}
{{#MAKE}}
<details{{#OPENED}} open{{/OPENED}}><summary>Make a project</summary>
<form class="cols" method="post" action="{{ACT_URL}}">
<input type="hidden" name="_csrf" value="{{CSRF}}">
<div class="field"><label for="p-slug">Name in addresses</label><input id="p-slug" name="slug" value="{{SLUG_TEXT}}" maxlength="63" required autocomplete="off"{{#WRONG}} aria-invalid="true" aria-describedby="p-slug-error"{{/WRONG}}>{{#WRONG}}<small class="err" id="p-slug-error">{{WRONG_TEXT}}</small>{{/WRONG}}{{#RIGHT}}<small>Lower-case letters, digits and hyphens, as in {{OWNER_NAME}}/plans.</small>{{/RIGHT}}</div>
<div class="field"><label for="p-title">Title</label><input id="p-title" name="title" value="{{TITLE_TEXT}}" maxlength="256"></div>
<div class="field"><label><input type="checkbox" name="private" value="yes"> Only members see it</label></div>
<div class="acts"><button class="go">Make project</button></div>
</form>
</details>
{{/MAKE}}
{{#EMPTY}}
<p class="soft">{{>EMPTY_TEXT}}</p>
{{/EMPTY}}
{{#ROWS}}
<table class="stack" role="table">
<caption class="vh">Projects</caption>
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Project</th><th scope="col" role="columnheader">Seen by</th><th scope="col" class="num" role="columnheader">Open tasks</th><th scope="col" class="num md" role="columnheader">Repositories</th></tr></thead>
<tbody role="rowgroup">
{{#ROW}}
<tr role="row"><th scope="row" class="main" role="rowheader"><a href="{{PROJECT_URL}}">{{PROJECT_NAME}}</a><small class="soft">{{PROJECT_TITLE}}</small></th><td role="cell">{{SEEN_BY}}</td><td class="num" role="cell">{{TASK_COUNT}}</td><td class="num md" role="cell">{{REPOSITORY_COUNT}}</td></tr>
{{/ROW}}
</tbody>
</table>
{{/ROWS}}
{{#OLDER}}
<nav aria-label="Pages" class="line"><a href="{{OLDER_URL}}">More</a></nav>
{{/OLDER}}
