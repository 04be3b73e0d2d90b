{{%AUTOESCAPE context="HTML"}}{{!
A task: what it says, how it stands with GitHub, what lost, and what was said about it.
  PROJECT_URL PROJECT_NAME TASK_NAME TASK_TITLE ACT_URL CSRF
  SYNC              include: part_task_sync
  GITHUB            section: GITHUB_URL GITHUB_NAME
  SWITCHING         section: who may edit it: SWITCH_ACT SWITCH_TITLE, to close it or open it again
  ASK               section, no names: it can be compared now
  DELETED           section, no names
  WRONG             section: WRONG_TEXT
  LOST              section:
    LOST_FIELD      section, repeated: LOST_NAME LOST_TEXT LOST_VALUE PRESENT_VALUE, and
      USE_MINE      section: LOST_VERSION
  BODY_TEXT         the text, Markdown as it is
  EDIT              section: who may: TITLE_VALUE BODY_VALUE LABEL_VALUE MILESTONE_VALUE VERSION_VALUE, and
    EDIT_OPENED     section, no names
    LIST_OPTION     section, repeated: LIST_VALUE LIST_TITLE, CHOSEN
  FACTS             include: part_facts
  NO_COMMENTS       section, no names
  COMMENT           section, repeated: COMMENT_CODE AUTHOR_NAME SAID_UTC SAID COMMENT_TEXT SYNC_MARK SYNC_STATE, and
    ERASED          section, no names
    ERASE           section: COMMENT_KEY
  MORE_COMMENTS     section: MORE_URL
  SAY               section: members: SAY_TEXT, as typed before
  VERSION           section, repeated: VERSION_CODE VERSION_TEXT VERSION_UTC VERSION_TIME, and
    RESTORE         section: RESTORE_VERSION
  OPERATION         section, repeated: STATE_MARK STATE OPERATION_URL OPERATION_NAME OPERATION_TEXT
  ERASE_TASK        section, no names: who may edit it
}}<div class="head">
<div><p class="crumb"><a href="{{PROJECT_URL}}">{{PROJECT_NAME}}</a></p><h1>{{TASK_NAME}} {{TASK_TITLE}}</h1>{{>SYNC}}</div>
<div class="acts">{{#GITHUB}}<a class="btn" href="{{GITHUB_URL}}">{{GITHUB_NAME}} at GitHub</a>{{/GITHUB}}<form class="acts" method="post" action="{{ACT_URL}}"><input type="hidden" name="_csrf" value="{{CSRF}}">{{#ASK}}<button name="act" value="sync">Compare now</button>{{/ASK}}{{#SWITCHING}}<button name="act" value="{{SWITCH_ACT}}">{{SWITCH_TITLE}}</button>{{/SWITCHING}}</form></div>
</div>
{{#DELETED}}
<div class="note warn"><h2>Deleted</h2><p>This task was deleted here. What it said stays below.</p></div>
{{/DELETED}}
{{#WRONG}}
<div class="note bad" role="alert"><h2>Not done</h2><p>{{WRONG_TEXT}}</p></div>
{{/WRONG}}
{{#LOST}}
<section aria-labelledby="lost">
<header><h2 id="lost">Lost versions</h2><span class="soft">Both sides changed these, and one side's change took the place of the other's.</span></header>
<table class="stack" role="table" aria-labelledby="lost">
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Field</th><th scope="col" role="columnheader">What lost</th><th scope="col" role="columnheader">What stands now</th><th scope="col" class="num" role="columnheader"><span class="vh">Act</span></th></tr></thead>
<tbody role="rowgroup">
{{#LOST_FIELD}}
<tr role="row"><th scope="row" role="rowheader">{{LOST_NAME}}<small class="soft">{{LOST_TEXT}}</small></th><td role="cell">{{LOST_VALUE}}</td><td role="cell">{{PRESENT_VALUE}}</td><td class="num act" role="cell">{{#USE_MINE}}<form method="post" action="{{ACT_URL}}"><input type="hidden" name="_csrf" value="{{CSRF}}"><input type="hidden" name="number" value="{{LOST_VERSION}}"><button name="act" value="restore">Use mine<span class="vh">: {{LOST_NAME}}</span></button></form>{{/USE_MINE}}</td></tr>
{{/LOST_FIELD}}
</tbody>
</table>
</section>
{{/LOST}}
<section aria-labelledby="text">
<header><h2 id="text">Text</h2></header>
<pre tabindex="0" role="region" aria-label="Text of the task">{{BODY_TEXT:pre_escape}}</pre>
{{#EDIT}}
<details{{#EDIT_OPENED}} open{{/EDIT_OPENED}}><summary>Edit</summary>
<form method="post" action="{{ACT_URL}}">
<input type="hidden" name="_csrf" value="{{CSRF}}"><input type="hidden" name="version" value="{{VERSION_VALUE}}">
<div class="field"><label for="e-title">Title</label><input id="e-title" name="title" value="{{TITLE_VALUE}}" maxlength="256" required></div>
<div class="field"><label for="e-body">Text</label><textarea id="e-body" name="body" rows="10">{{BODY_VALUE:pre_escape}}</textarea></div>
<div class="field"><label for="e-labels">Labels, separated by commas</label><input id="e-labels" name="labels" value="{{LABEL_VALUE}}" maxlength="5000"></div>
<div class="field"><label for="e-milestone">Milestone</label><input id="e-milestone" name="milestone" value="{{MILESTONE_VALUE}}" maxlength="256"></div>
<div class="field"><label for="e-list">List</label><select id="e-list" name="list">{{#LIST_OPTION}}<option value="{{LIST_VALUE}}"{{#CHOSEN}} selected{{/CHOSEN}}>{{LIST_TITLE}}</option>{{/LIST_OPTION}}</select></div>
<div class="acts"><button class="go" name="act" value="edit">Save</button></div>
</form>
</details>
{{/EDIT}}
</section>
<section aria-labelledby="comments">
<header><h2 id="comments">Comments</h2></header>
{{#NO_COMMENTS}}
<p class="soft">Nobody has said anything yet.</p>
{{/NO_COMMENTS}}
{{#COMMENT}}
<article id="{{COMMENT_CODE}}"><p><strong>{{AUTHOR_NAME}}</strong> <time datetime="{{SAID_UTC}}">{{SAID}}</time> <span class="st {{SYNC_MARK}}">{{SYNC_STATE}}</span>{{#ERASED}} <span class="soft">deleted</span>{{/ERASED}}</p><pre tabindex="0" role="region" aria-label="Comment of {{SAID}} by {{AUTHOR_NAME}}">{{COMMENT_TEXT:pre_escape}}</pre>{{#ERASE}}<form method="post" action="{{ACT_URL}}"><input type="hidden" name="_csrf" value="{{CSRF}}"><input type="hidden" name="comment" value="{{COMMENT_KEY}}"><button class="link danger" name="act" value="erase">Delete<span class="vh"> the comment of {{SAID}}</span></button></form>{{/ERASE}}</article>
{{/COMMENT}}
{{#MORE_COMMENTS}}
<nav aria-label="Pages of comments" class="line"><a href="{{MORE_URL}}">More comments</a></nav>
{{/MORE_COMMENTS}}
{{#SAY}}
<form method="post" action="{{ACT_URL}}">
<input type="hidden" name="_csrf" value="{{CSRF}}">
<div class="field"><label for="s-body">Say something</label><textarea id="s-body" name="body" rows="4" required>{{SAY_TEXT:pre_escape}}</textarea></div>
<div class="acts"><button class="go" name="act" value="comment">Comment</button></div>
</form>
{{/SAY}}
</section>
<section aria-labelledby="facts"><h2 id="facts">Facts</h2>
<dl class="kv">
{{>FACTS}}
</dl></section>
<section aria-labelledby="versions">
<header><h2 id="versions">Versions</h2></header>
<ul class="talk tight">
{{#VERSION}}
<li><span>{{VERSION_CODE}}</span> <small class="soft">{{VERSION_TEXT}}, <time datetime="{{VERSION_UTC}}">{{VERSION_TIME}}</time></small>{{#RESTORE}}<form method="post" action="{{ACT_URL}}"><input type="hidden" name="_csrf" value="{{CSRF}}"><input type="hidden" name="number" value="{{RESTORE_VERSION}}"><button class="link" name="act" value="restore">Restore<span class="vh"> version {{RESTORE_VERSION}}</span></button></form>{{/RESTORE}}</li>
{{/VERSION}}
</ul>
</section>
<section aria-labelledby="operations">
<header><h2 id="operations">Operations</h2></header>
<ul class="talk tight">
{{#OPERATION}}
<li><span class="st {{STATE_MARK}}">{{STATE}}</span> <a href="{{OPERATION_URL}}">{{OPERATION_NAME}}</a> <small class="soft">{{OPERATION_TEXT}}</small></li>
{{/OPERATION}}
</ul>
</section>
{{#ERASE_TASK}}
<details><summary>Delete this task</summary>
<form method="post" action="{{ACT_URL}}"><input type="hidden" name="_csrf" value="{{CSRF}}">
<div class="field"><label><input type="checkbox" name="sure" value="yes" required> I mean it: its issue is closed or left, as the project has it</label></div>
<div class="acts"><button class="danger" name="act" value="delete">Delete task</button></div></form>
</details>
{{/ERASE_TASK}}
