{{%AUTOESCAPE context="HTML"}}{{!
What is new in the gists of one user, and which does he have?
  GISTS_URL         back to the list
  SCAN              include: part_gist_user
  CSRF LOGIN RETRY_URL  for all forms
  MAY_VISIT         section: VISIT_URL VISIT_KEY, the same for each sending of this form
  ACTS              section: an operator: ACT_URL, and the sections
    MAY_SCAN        no names: he is tracked
    MAY_TRACK       no names: he is not
  PROBLEM           section, repeated: PROBLEM_MARK PROBLEM_TITLE, include PROBLEM_TEXT: part_sentence
  NEWS              section: NEWS_TITLE, include NEWS_TEXT: part_sentence
    NEWS_ROWS       section:
      NEWS_ROW      section, repeated: FILE_NAME FILE_TEXT GIST_NAME FOUND_UTC FOUND, and
        NEWS_LINKED    section: FILE_URL
        NEWS_UNLINKED  section, else
  STATE_CHIP        section, repeated: STATE_URL STATE_TITLE, CURRENT
  EMPTY             section: include EMPTY_TEXT: part_sentence
  GISTS             section: and in it and in its rows HAS_CRM, for an operator
    GIST            section, repeated: GIST_NAME GIST_CODE FILE_COUNT VERSION_COUNT UPDATED_UTC UPDATED STATE_MARK STATE STATE_TEXT
      LINKED        section: GIST_URL
      UNLINKED      section, else
      FILES         section: FILES_TITLE, and
        FILE        section, repeated: FILE_NAME FILE_TEXT, and
          FILE_ITEM section: ITEM_MARK ITEM_STATE ITEM_TEXT
          RETRY     section: ITEM_KEY
        MORE_FILES  section: MORE_TEXT
      HAS_CRM       section:
        CRM_ITEM    section: ITEM_MARK ITEM_STATE ITEM_TEXT, of the item that a person should look at first
        RETRY_WORST section: ITEM_KEY
  OLDER             section: OLDER_URL
  FACTS             include: part_facts
}}<div class="head">
<div><p class="crumb"><a href="{{GISTS_URL}}">Gists</a></p><h1>{{LOGIN}}</h1>{{>SCAN}}</div>
<div class="acts">{{#MAY_VISIT}}<form class="acts" method="post" action="{{VISIT_URL}}"><input type="hidden" name="_csrf" value="{{CSRF}}"><input type="hidden" name="key" value="{{VISIT_KEY}}"><label><input type="checkbox" name="edits" value="true"> Edits, too</label><button class="go">Show what is new</button></form>{{/MAY_VISIT}}{{#ACTS}}<form class="acts" method="post" action="{{ACT_URL}}"><input type="hidden" name="_csrf" value="{{CSRF}}">{{#MAY_SCAN}}<button name="act" value="scan">Scan now</button><button class="danger" name="act" value="remove">Stop tracking</button>{{/MAY_SCAN}}{{#MAY_TRACK}}<button name="act" value="track">Track again</button>{{/MAY_TRACK}}</form>{{/ACTS}}</div>
</div>
{{#PROBLEM}}
<div class="note {{PROBLEM_MARK}}"><h2>{{PROBLEM_TITLE}}</h2><p>{{>PROBLEM_TEXT}}</p></div>
{{/PROBLEM}}
{{#NEWS}}
<section aria-labelledby="new">
<header><h2 id="new">{{NEWS_TITLE}}</h2><span class="soft">{{>NEWS_TEXT}}</span></header>
{{#NEWS_ROWS}}
<table aria-labelledby="new">
<thead><tr><th scope="col">File</th><th scope="col">Gist</th><th scope="col" class="num">Found</th></tr></thead>
<tbody>
{{#NEWS_ROW}}
<tr><th scope="row" class="main">{{#NEWS_LINKED}}<a href="{{FILE_URL}}">{{FILE_NAME}}</a>{{/NEWS_LINKED}}{{#NEWS_UNLINKED}}{{FILE_NAME}}{{/NEWS_UNLINKED}}<small class="soft">{{FILE_TEXT}}</small></th><td>{{GIST_NAME}}</td><td class="num"><time datetime="{{FOUND_UTC}}">{{FOUND}}</time></td></tr>
{{/NEWS_ROW}}
</tbody>
</table>
{{/NEWS_ROWS}}
</section>
{{/NEWS}}
<section aria-labelledby="gists">
<header><h2 id="gists">Gists</h2><nav aria-label="Which gists"><ul class="chips">
{{#STATE_CHIP}}
<li><a class="chip" href="{{STATE_URL}}"{{#CURRENT}} aria-current="true"{{/CURRENT}}>{{STATE_TITLE}}</a></li>
{{/STATE_CHIP}}
</ul></nav></header>
{{#EMPTY}}
<p class="soft">{{>EMPTY_TEXT}}</p>
{{/EMPTY}}
{{#GISTS}}
<table class="stack" role="table" aria-labelledby="gists">
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">State</th><th scope="col" role="columnheader">Gist</th><th scope="col" class="num md" role="columnheader">Files</th><th scope="col" class="num md" role="columnheader">Versions</th>{{#HAS_CRM}}<th scope="col" role="columnheader">CRM</th>{{/HAS_CRM}}<th scope="col" class="num" role="columnheader">Updated</th></tr></thead>
<tbody role="rowgroup">
{{#GIST}}
<tr role="row"><td role="cell"><span class="st {{STATE_MARK}}">{{STATE}}</span> {{STATE_TEXT}}</td><th scope="row" class="main" role="rowheader">{{#LINKED}}<a href="{{GIST_URL}}">{{GIST_NAME}}</a>{{/LINKED}}{{#UNLINKED}}{{GIST_NAME}}{{/UNLINKED}}<small class="soft id">{{GIST_CODE}}</small>{{#FILES}}<details><summary>{{FILES_TITLE}}<span class="vh"> of {{GIST_NAME}}</span></summary><ul class="talk tight">{{#FILE}}<li><span>{{FILE_NAME}}</span><small class="soft">{{FILE_TEXT}}{{#FILE_ITEM}} <span class="st {{ITEM_MARK}}">{{ITEM_STATE}}</span> {{ITEM_TEXT}}{{/FILE_ITEM}}</small>{{#RETRY}}<form method="post" action="{{RETRY_URL}}"><input type="hidden" name="_csrf" value="{{CSRF}}"><input type="hidden" name="from" value="{{LOGIN}}"><button class="link" name="retry" value="{{ITEM_KEY}}">Send again<span class="vh"> {{FILE_NAME}}</span></button></form>{{/RETRY}}</li>{{/FILE}}{{#MORE_FILES}}<li class="soft">{{MORE_TEXT}}</li>{{/MORE_FILES}}</ul></details>{{/FILES}}</th><td class="num md" role="cell">{{FILE_COUNT}}</td><td class="num md" role="cell">{{VERSION_COUNT}}</td>{{#HAS_CRM}}<td role="cell">{{#CRM_ITEM}}<span class="st {{ITEM_MARK}}">{{ITEM_STATE}}</span> {{ITEM_TEXT}}{{/CRM_ITEM}}{{#RETRY_WORST}} <form method="post" action="{{RETRY_URL}}"><input type="hidden" name="_csrf" value="{{CSRF}}"><input type="hidden" name="from" value="{{LOGIN}}"><button class="link" name="retry" value="{{ITEM_KEY}}">Send again<span class="vh"> for {{GIST_NAME}}</span></button></form>{{/RETRY_WORST}}</td>{{/HAS_CRM}}<td class="num age" role="cell"><time datetime="{{UPDATED_UTC}}" data-age>{{UPDATED}}</time></td></tr>
{{/GIST}}
</tbody>
</table>
{{/GISTS}}
{{#OLDER}}
<nav aria-label="Pages" class="line"><a href="{{OLDER_URL}}">Older</a></nav>
{{/OLDER}}
</section>
<section aria-labelledby="facts"><h2 id="facts">Facts</h2>
<dl class="kv">
{{>FACTS}}
</dl></section>
