{{%AUTOESCAPE context="HTML"}}{{!
Who one is, what one may, where one is logged in.
  ACCOUNT_NAME
  ACCOUNT_TEXT      include: part_sentence, e.g. "Operator. Logged in by GitHub as ada, id 50112."
  ACT_URL CSRF      where the forms go: act=logout, session=<id>, act=end_others
  SESSION           section, repeated, newest first: SESSION_ID AGENT ADDRESS (may be empty) CREATED_UTC CREATED SEEN_UTC SEEN
    OWN             section: this very one
    OTHER           section, else
  OTHERS            section: there are others
  FACTS             include: part_facts
  TOKEN             section, where sync has a user's token: include TOKEN_TEXT: part_sentence, TOKEN_URL TOKEN_WORDS
}}<div class="head"><div><h1>{{ACCOUNT_NAME}}</h1><p>{{>ACCOUNT_TEXT}}</p></div><form class="acts" method="post" action="{{ACT_URL}}"><input type="hidden" name="_csrf" value="{{CSRF}}"><button name="act" value="logout">Log out</button></form></div>
<div class="aside">
<div>
<section aria-labelledby="sessions">
<header><h2 id="sessions">Sessions</h2><span class="soft">where you are logged in</span></header>
<form class="bar" method="post" action="{{ACT_URL}}">
<input type="hidden" name="_csrf" value="{{CSRF}}">
<table class="stack" aria-labelledby="sessions" role="table">
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Browser</th><th scope="col" class="md" role="columnheader">Began</th><th scope="col" class="num" role="columnheader">Seen</th><th scope="col" class="num" role="columnheader"><span class="vh">Act</span></th></tr></thead>
<tbody role="rowgroup">
{{#SESSION}}
<tr role="row"><th scope="row" class="main" role="rowheader">{{AGENT}}<small class="soft">{{ADDRESS}}</small></th><td class="md" role="cell"><time datetime="{{CREATED_UTC}}">{{CREATED}}</time></td><td class="num age" role="cell"><time datetime="{{SEEN_UTC}}" data-age>{{SEEN}}</time></td><td class="num act" role="cell">{{#OWN}}<span class="st ok">this one</span>{{/OWN}}{{#OTHER}}<button class="link" name="session" value="{{SESSION_ID}}">End<span class="vh"> {{AGENT}}, {{ADDRESS}}</span></button>{{/OTHER}}</td></tr>
{{/SESSION}}
</tbody>
</table>
{{#OTHERS}}
<div class="acts"><button class="danger" name="act" value="end_others">End all others</button></div>
{{/OTHERS}}
</form>
</section>
{{#TOKEN}}
<section aria-labelledby="token"><h2 id="token">Writing at GitHub in your name</h2><p>{{>TOKEN_TEXT}}</p><div class="acts"><a class="btn" href="{{TOKEN_URL}}">{{TOKEN_WORDS}}</a></div></section>
{{/TOKEN}}
</div>
<div>
<section aria-labelledby="facts"><h2 id="facts">Facts</h2>
<dl class="kv">
{{>FACTS}}
</dl></section>
</div>
</div>
