{{%AUTOESCAPE context="HTML"}}{{!
A project: how its repositories stand, and its tasks.
  PROJECTS_URL PROJECT_NAME PROJECT_TITLE ACT_URL CSRF
  CONNECTIONS       include: part_connections, which replaces itself while one is at work
  CONNECT           section: for admins: REPOSITORY_TEXT, as typed before
    OPENED          section, no names
    WRONG           section: WRONG_TEXT
    RIGHT           section, else
  STATE_CHIP        section, repeated: STATE_URL STATE_TITLE, CURRENT
  FIND_URL FIND_TEXT FIND_STATE
  ADD               section: for members: TITLE_TEXT BODY_TEXT LABEL_TEXT, as typed before
    ADD_OPENED      section, no names
    ADD_WRONG       section: ADD_WRONG_TEXT
  EMPTY             section: include EMPTY_TEXT: part_sentence
  ROWS              section:
    ROW             section, repeated: SYNC_MARK SYNC_STATE TASK_URL TASK_NAME TASK_TITLE TASK_TEXT UPDATED_UTC UPDATED
  OLDER             section: OLDER_URL
  FACTS             include: part_facts
  MEMBERS           section: for admins:
    MEMBER          section, repeated: MEMBER_NAME MEMBER_ROLE, and
      REMOVE        section: REMOVE_NAME
}}<div class="head"><div><p class="crumb"><a href="{{PROJECTS_URL}}">Projects</a></p><h1>{{PROJECT_NAME}}</h1><p>{{PROJECT_TITLE}}</p></div></div>
<section aria-labelledby="repositories">
<header><h2 id="repositories">Repositories</h2></header>
{{>CONNECTIONS}}
{{#CONNECT}}
<details{{#OPENED}} open{{/OPENED}}><summary>Connect a repository</summary>
<form class="cols" method="post" action="{{ACT_URL}}">
<input type="hidden" name="_csrf" value="{{CSRF}}">
<div class="field"><label for="c-repository">Repository</label><input id="c-repository" name="repository" value="{{REPOSITORY_TEXT}}" maxlength="140" required autocomplete="off"{{#WRONG}} aria-invalid="true" aria-describedby="c-repository-error"{{/WRONG}}>{{#WRONG}}<small class="err" id="c-repository-error">{{WRONG_TEXT}}</small>{{/WRONG}}{{#RIGHT}}<small>owner/name at GitHub, where you may push.</small>{{/RIGHT}}</div>
<div class="field"><label for="c-export">Tasks that the project has already</label><select id="c-export" name="export"><option value="none">stay here</option><option value="open">become issues, if they are open</option><option value="all">all become issues</option></select></div>
<div class="acts"><button class="go" name="act" value="connect">Connect</button></div>
</form>
</details>
{{/CONNECT}}
</section>
<section aria-labelledby="tasks">
<header><h2 id="tasks">Tasks</h2><nav aria-label="States"><ul class="chips">
{{#STATE_CHIP}}
<li><a class="chip" href="{{STATE_URL}}"{{#CURRENT}} aria-current="true"{{/CURRENT}}>{{STATE_TITLE}}</a></li>
{{/STATE_CHIP}}
</ul></nav></header>
{{#ADD}}
<details{{#ADD_OPENED}} open{{/ADD_OPENED}}><summary>Add a task</summary>
<form method="post" action="{{ACT_URL}}">
<input type="hidden" name="_csrf" value="{{CSRF}}">
{{#ADD_WRONG}}<p class="err" role="alert">{{ADD_WRONG_TEXT}}</p>{{/ADD_WRONG}}
<div class="field"><label for="n-title">Title</label><input id="n-title" name="title" value="{{TITLE_TEXT}}" maxlength="256" required></div>
<div class="field"><label for="n-body">Text</label><textarea id="n-body" name="body" rows="6">{{BODY_TEXT:pre_escape}}</textarea></div>
<div class="field"><label for="n-labels">Labels, separated by commas</label><input id="n-labels" name="labels" value="{{LABEL_TEXT}}" maxlength="1000"></div>
<div class="acts"><button class="go" name="act" value="task">Add task</button></div>
</form>
</details>
{{/ADD}}
<details><summary>Find a task</summary>
<form class="cols" action="{{FIND_URL}}">
<input type="hidden" name="state" value="{{FIND_STATE}}">
<div class="field"><label for="f-text">Words, T-12 or #12</label><input id="f-text" name="q" value="{{FIND_TEXT}}" maxlength="200"></div>
<div class="acts"><button>Find</button></div>
</form>
</details>
{{#EMPTY}}
<p class="soft">{{>EMPTY_TEXT}}</p>
{{/EMPTY}}
{{#ROWS}}
<table class="stack" role="table" aria-labelledby="tasks">
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Sync</th><th scope="col" role="columnheader">Task</th><th scope="col" class="num" role="columnheader">Changed</th></tr></thead>
<tbody role="rowgroup">
{{#ROW}}
<tr role="row"><td role="cell"><span class="st {{SYNC_MARK}}">{{SYNC_STATE}}</span></td><th scope="row" class="main" role="rowheader"><a href="{{TASK_URL}}">{{TASK_NAME}} {{TASK_TITLE}}</a><small class="soft">{{TASK_TEXT}}</small></th><td class="num age" role="cell"><time datetime="{{UPDATED_UTC}}" data-age>{{UPDATED}}</time></td></tr>
{{/ROW}}
</tbody>
</table>
{{/ROWS}}
{{#OLDER}}
<nav aria-label="Pages" class="line"><a href="{{OLDER_URL}}">More</a></nav>
{{/OLDER}}
</section>
{{#MEMBERS}}
<section aria-labelledby="members">
<header><h2 id="members">Members</h2></header>
<ul class="talk tight">
{{#MEMBER}}
<li><span>{{MEMBER_NAME}}</span> <small class="soft">{{MEMBER_ROLE}}</small>{{#REMOVE}}<form method="post" action="{{ACT_URL}}"><input type="hidden" name="_csrf" value="{{CSRF}}"><input type="hidden" name="user" value="{{REMOVE_NAME}}"><button class="link" name="act" value="remove">Remove<span class="vh"> {{MEMBER_NAME}}</span></button></form>{{/REMOVE}}</li>
{{/MEMBER}}
</ul>
<details><summary>Add a member</summary>
<form class="cols" method="post" action="{{ACT_URL}}">
<input type="hidden" name="_csrf" value="{{CSRF}}">
<div class="field"><label for="m-user">Account</label><input id="m-user" name="user" maxlength="39" required autocomplete="off"></div>
<div class="field"><label for="m-role">What he may</label><select id="m-role" name="role"><option value="member">add tasks and comments</option><option value="admin">everything</option></select></div>
<div class="acts"><button class="go" name="act" value="member">Add member</button></div>
</form>
</details>
</section>
{{/MEMBERS}}
<section aria-labelledby="facts"><h2 id="facts">Facts</h2>
<dl class="kv">
{{>FACTS}}
</dl></section>
