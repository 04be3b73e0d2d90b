{{%AUTOESCAPE context="HTML"}}{{!
The form of /install and /uninstall: which repository? The answer is JSON, as the API's.
  INSTALL_TITLE     "Install a webhook" or "Uninstall a webhook"
  INSTALL_TEXT      include: part_sentence: what follows from it
  PROBLEM           section: PROBLEM_TITLE, include PROBLEM_TEXT: part_sentence
  FORM              section: ACT_URL CSRF BUTTON_MARK ("go", or "danger") BUTTON_WORDS
  MIRROR_URL        back
}}<div class="head"><div><p class="crumb"><a href="{{MIRROR_URL}}">Mirror</a></p><h1>{{INSTALL_TITLE}}</h1><p>{{>INSTALL_TEXT}}</p></div></div>
{{#PROBLEM}}
<div class="note warn"><h2>{{PROBLEM_TITLE}}</h2><p>{{>PROBLEM_TEXT}}</p></div>
{{/PROBLEM}}
{{#FORM}}
<form method="post" action="{{ACT_URL}}" class="rows">
<input type="hidden" name="_csrf" value="{{CSRF}}">
<div class="field"><label for="owner">Owner</label><input id="owner" name="owner" required maxlength="39" autocomplete="off" spellcheck="false"></div>
<div class="field"><label for="repo">Repository</label><input id="repo" name="repo" required maxlength="100" autocomplete="off" spellcheck="false"></div>
<div class="acts"><button class="{{BUTTON_MARK}}">{{BUTTON_WORDS}}</button><a class="btn" href="{{MIRROR_URL}}">Leave it</a></div>
</form>
{{/FORM}}
