{{%AUTOESCAPE context="HTML"}}{{!
Connecting a repository of one's own.
  BLOGS_URL         back to the list
  PROBLEM           section: PROBLEM_TITLE, include PROBLEM_TEXT: part_sentence; what was typed stays
  ASK               section: GitHub has to be asked first: ASK_URL
  FORM              section: ACT_URL CSRF, where the form goes, and
    REPOSITORY_TEXT SLUG_TEXT BRANCH_TEXT   what stands in the fields
    REPOSITORY_WRONG SLUG_WRONG BRANCH_WRONG   sections: FIELD_ERROR
}}<div class="head"><div><p class="crumb"><a href="{{BLOGS_URL}}">Blogs</a></p><h1>Connect a repository</h1><p>One that you administer at GitHub. Its first upload follows at once, and GitHub tells of each push.</p></div></div>
{{#PROBLEM}}
<div class="note bad" role="alert"><h2>{{PROBLEM_TITLE}}</h2><p>{{>PROBLEM_TEXT}}</p></div>
{{/PROBLEM}}
{{#ASK}}
<div class="note"><h2>GitHub asks you first</h2><p>This site wants to install a webhook in the repository that you choose, so that GitHub tells of each push. It keeps the right until you log out.</p></div>
<div class="acts"><a class="btn go" href="{{ASK_URL}}">Allow it at GitHub</a><a class="btn" href="{{BLOGS_URL}}">Leave it</a></div>
{{/ASK}}
{{#FORM}}
<form method="post" action="{{ACT_URL}}" class="rows">
<input type="hidden" name="_csrf" value="{{CSRF}}">
<div class="field"><label for="repository">Repository</label><input id="repository" name="repository" value="{{REPOSITORY_TEXT}}" required maxlength="300" autocomplete="off" spellcheck="false"{{#REPOSITORY_WRONG}} aria-invalid="true" aria-describedby="repository-error"{{/REPOSITORY_WRONG}}>{{#REPOSITORY_WRONG}}<small class="err" id="repository-error">{{FIELD_ERROR}}</small>{{/REPOSITORY_WRONG}}<small>As ada/notes, or its address at GitHub.</small></div>
<div class="field"><label for="slug">Name of the blog</label><input id="slug" name="slug" value="{{SLUG_TEXT}}" maxlength="63" autocomplete="off" spellcheck="false"{{#SLUG_WRONG}} aria-invalid="true" aria-describedby="slug-error"{{/SLUG_WRONG}}>{{#SLUG_WRONG}}<small class="err" id="slug-error">{{FIELD_ERROR}}</small>{{/SLUG_WRONG}}<small>Empty: the repository’s.</small></div>
<div class="field"><label for="branch">Branch</label><input id="branch" name="branch" value="{{BRANCH_TEXT}}" maxlength="200" autocomplete="off" spellcheck="false"{{#BRANCH_WRONG}} aria-invalid="true" aria-describedby="branch-error"{{/BRANCH_WRONG}}>{{#BRANCH_WRONG}}<small class="err" id="branch-error">{{FIELD_ERROR}}</small>{{/BRANCH_WRONG}}<small>Empty: the default branch.</small></div>
<div class="acts"><button class="go">Connect</button><a class="btn" href="{{BLOGS_URL}}">Leave it</a></div>
</form>
{{/FORM}}
