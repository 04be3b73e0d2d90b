{{%AUTOESCAPE context="HTML"}}{{!
What is mine here, and how does more come?
  FILES_TEXT        include: part_sentence: how much of the quota is used
  USED              section: USED_NUMBER, whole percents, and USED_TEXT, e.g. "6.4 of 10 GB"
  OFF               section: include OFF_TEXT: part_sentence: why nothing is to be had here
  SEND              section: may upload: SEND_URL, FILES_JS_URL, CSRF, SEND_LABEL, "Choose files, up to 20 of 1 GB each",
                    TEMPORARY_LABEL, "Temporary: end after 24 h"
  LIST              section: LIST_TITLE, and
    STATE_CHIP      section, repeated: STATE_URL STATE_TITLE, CURRENT
    FILTER_URL      where the form of filters goes
    KEPT            section, repeated: KEPT_NAME KEPT_VALUE, the filters that it keeps
    NAME_TEXT       what stands in the field
    OWNERS          section: OWNER_TEXT: for an operator
  EMPTY             section: include EMPTY_TEXT: part_sentence
  ROWS              section:
    ROW             section, repeated: STATE_MARK STATE NAME FILE_TEXT FILE_SIZE ENDS USED_BY CSRF, and
      LINKED        section: FILE_URL, where its bytes are
      UNLINKED      section, else
      ACT           section, repeated: ACT_URL ACT_WORDS
  OLDER             section: OLDER_URL
}}<div class="head"><div><h1>Files</h1><p>{{>FILES_TEXT}}</p>{{#USED}}<div class="field"><meter aria-label="Space used" min="0" max="100" high="90" optimum="0" value="{{USED_NUMBER}}">{{USED_TEXT}}</meter></div>{{/USED}}</div></div>
{{#OFF}}
<p class="soft">{{>OFF_TEXT}}</p>
{{/OFF}}
{{#SEND}}
<section aria-labelledby="up">
<h2 id="up">Upload</h2>
<form class="rows" method="post" action="{{SEND_URL}}" enctype="multipart/form-data">
<input type="hidden" name="_csrf" value="{{CSRF}}">
<p><label><input type="checkbox" name="temporary" value="true"> {{TEMPORARY_LABEL}}</label></p>
<div class="field"><label for="f">{{SEND_LABEL}}</label><input id="f" type="file" name="file" multiple data-devy-upload aria-describedby="fh"><small id="fh">What is cut off goes on where it stood.</small></div>
<div class="acts"><button class="go">Upload</button></div>
</form>
<script type="module" src="{{FILES_JS_URL}}"></script>
</section>
{{/SEND}}
{{#LIST}}
<section aria-labelledby="list">
<header><h2 id="list">{{LIST_TITLE}}</h2><nav aria-label="States"><ul class="chips">
{{#STATE_CHIP}}
<li><a class="chip" href="{{STATE_URL}}"{{#CURRENT}} aria-current="true"{{/CURRENT}}>{{STATE_TITLE}}</a></li>
{{/STATE_CHIP}}
</ul></nav></header>
<details><summary>Find a file</summary>
<form class="cols" action="{{FILTER_URL}}">
{{#KEPT}}
<input type="hidden" name="{{KEPT_NAME}}" value="{{KEPT_VALUE}}">
{{/KEPT}}
<div class="field"><label for="f-name">Whole name</label><input id="f-name" name="name" value="{{NAME_TEXT}}" maxlength="255"></div>
{{#OWNERS}}
<div class="field"><label for="f-owner">Owner</label><input id="f-owner" name="owner" value="{{OWNER_TEXT}}" maxlength="100"></div>
{{/OWNERS}}
<div class="acts"><button>Filter</button></div>
</form>
</details>
{{#EMPTY}}
<p class="soft">{{>EMPTY_TEXT}}</p>
{{/EMPTY}}
{{#ROWS}}
<table class="stack" role="table" aria-labelledby="list">
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">State</th><th scope="col" role="columnheader">Name</th><th scope="col" class="num md" role="columnheader">Size</th><th scope="col" class="num" role="columnheader">Ends</th><th scope="col" class="lo" role="columnheader">Used by</th><th scope="col" class="num" role="columnheader"><span class="vh">Act</span></th></tr></thead>
<tbody role="rowgroup">
{{#ROW}}
<tr role="row"><td role="cell"><span class="st {{STATE_MARK}}">{{STATE}}</span></td><th scope="row" class="main" role="rowheader">{{#LINKED}}<a href="{{FILE_URL}}">{{NAME}}</a>{{/LINKED}}{{#UNLINKED}}{{NAME}}{{/UNLINKED}}<small class="soft">{{FILE_TEXT}}</small></th><td class="num md" role="cell">{{FILE_SIZE}}</td><td class="num age" role="cell">{{ENDS}}</td><td class="lo" role="cell">{{USED_BY}}</td><td class="num act" role="cell">{{#ACT}}<form method="post" action="{{ACT_URL}}"><input type="hidden" name="_csrf" value="{{CSRF}}"><button class="link">{{ACT_WORDS}}<span class="vh"> {{NAME}}</span></button></form>{{/ACT}}</td></tr>
{{/ROW}}
</tbody>
</table>
{{/ROWS}}
{{#OLDER}}
<nav aria-label="Pages" class="line"><a href="{{OLDER_URL}}">Older</a></nav>
{{/OLDER}}
</section>
{{/LIST}}
