{{%AUTOESCAPE context="HTML"}}{{!
Whose gists are looked at, and does it go well?
  GISTS_TEXT        include: part_sentence
  OFF               section: include OFF_TEXT: part_sentence
  CRM               section: for an operator: include CRM_TEXT: part_sentence
    REFUSED         section:
      REFUSED_ROW   section, repeated: ITEM_MARK ITEM_STATE USER_URL ITEM_NAME ITEM_TEXT CSRF, and
        MAY_RETRY   section: RETRY_URL ITEM_KEY
    MORE            section: MORE_URL
  LIST              section:
    TRACK           section: for an operator: ACT_URL CSRF LOGIN_TEXT NUMBER_TEXT, as typed before
      OPENED        section, no names: the form is what he wants to see
      LOGIN_WRONG   section: LOGIN_ERROR
      LOGIN_RIGHT   section, else
      NUMBER_WRONG  section: NUMBER_ERROR
      NUMBER_RIGHT  section, else
    STATE_CHIP      section, repeated: STATE_URL STATE_TITLE, CURRENT
    FILTER_URL      where the form goes that jumps to a login
    KEPT            section, repeated: KEPT_NAME KEPT_VALUE, the filters that it keeps
    FROM_TEXT       what stands in the field
    EMPTY           section: include EMPTY_TEXT: part_sentence
    USERS           include: part_gist_users, which replaces itself while one is scanned
    OLDER           section: OLDER_URL
}}<div class="head"><div><h1>Gists</h1><p>{{>GISTS_TEXT}}</p></div></div>
{{#OFF}}
<p class="soft">{{>OFF_TEXT}}</p>
{{/OFF}}
{{#CRM}}
<section aria-labelledby="crm">
<header><h2 id="crm">CRM</h2><span class="soft">{{>CRM_TEXT}}</span></header>
{{#REFUSED}}
<table class="stack" role="table" aria-labelledby="crm">
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">State</th><th scope="col" role="columnheader">File or deal</th><th scope="col" role="columnheader">Why</th><th scope="col" class="num" role="columnheader"><span class="vh">Act</span></th></tr></thead>
<tbody role="rowgroup">
{{#REFUSED_ROW}}
<tr role="row"><td role="cell"><span class="st {{ITEM_MARK}}">{{ITEM_STATE}}</span></td><th scope="row" class="main" role="rowheader"><a href="{{USER_URL}}">{{ITEM_NAME}}</a></th><td role="cell">{{ITEM_TEXT}}</td><td class="num act" role="cell">{{#MAY_RETRY}}<form method="post" action="{{RETRY_URL}}"><input type="hidden" name="_csrf" value="{{CSRF}}"><button class="link" name="retry" value="{{ITEM_KEY}}">Send again<span class="vh"> {{ITEM_NAME}}</span></button></form>{{/MAY_RETRY}}</td></tr>
{{/REFUSED_ROW}}
</tbody>
</table>
{{/REFUSED}}
{{#MORE}}
<nav aria-label="More of the CRM" class="line"><a href="{{MORE_URL}}">More</a></nav>
{{/MORE}}
</section>
{{/CRM}}
{{#LIST}}
<section aria-labelledby="list">
<header><h2 id="list">Tracked users</h2><nav aria-label="States"><ul class="chips">
{{#STATE_CHIP}}
<li><a class="chip" href="{{STATE_URL}}"{{#CURRENT}} aria-current="true"{{/CURRENT}}>{{STATE_TITLE}}</a></li>
{{/STATE_CHIP}}
</ul></nav></header>
{{#TRACK}}
<details{{#OPENED}} open{{/OPENED}}><summary>Track another user</summary>
<form class="cols" method="post" action="{{ACT_URL}}">
<input type="hidden" name="_csrf" value="{{CSRF}}">
<div class="field"><label for="t-login">Login at GitHub</label><input id="t-login" name="login" value="{{LOGIN_TEXT}}" maxlength="39" required autocomplete="off"{{#LOGIN_WRONG}} aria-invalid="true" aria-describedby="t-login-error"{{/LOGIN_WRONG}}>{{#LOGIN_WRONG}}<small class="err" id="t-login-error">{{LOGIN_ERROR}}</small>{{/LOGIN_WRONG}}{{#LOGIN_RIGHT}}<small>His public gists are read at once, then regularly.</small>{{/LOGIN_RIGHT}}</div>
<div class="field"><label for="t-id">Your own id of him, if there is one</label><input id="t-id" name="id" value="{{NUMBER_TEXT}}" maxlength="64" autocomplete="off"{{#NUMBER_WRONG}} aria-invalid="true" aria-describedby="t-id-error"{{/NUMBER_WRONG}}>{{#NUMBER_WRONG}}<small class="err" id="t-id-error">{{NUMBER_ERROR}}</small>{{/NUMBER_WRONG}}{{#NUMBER_RIGHT}}<small>Else the login is his id.</small>{{/NUMBER_RIGHT}}</div>
<div class="acts"><button class="go" name="act" value="track">Track user</button></div>
</form>
</details>
{{/TRACK}}
<details><summary>Jump to a login</summary>
<form class="cols" action="{{FILTER_URL}}">
{{#KEPT}}
<input type="hidden" name="{{KEPT_NAME}}" value="{{KEPT_VALUE}}">
{{/KEPT}}
<div class="field"><label for="f-from">Login, or its beginning</label><input id="f-from" name="from" value="{{FROM_TEXT}}" maxlength="39"></div>
<div class="acts"><button>Jump</button></div>
</form>
</details>
{{#EMPTY}}
<p class="soft">{{>EMPTY_TEXT}}</p>
{{/EMPTY}}
{{>USERS}}
{{#OLDER}}
<nav aria-label="Pages" class="line"><a href="{{OLDER_URL}}">More</a></nav>
{{/OLDER}}
</section>
{{/LIST}}
