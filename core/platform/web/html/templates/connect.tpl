{{%AUTOESCAPE context="HTML"}}{{!
Connecting a repository of one's own.
  BLOGS_URL         back to the list
  ACT_URL CSRF      where the form goes
  PROBLEM           section: PROBLEM_TITLE, include PROBLEM_TEXT: part_sentence; what was typed stays
  REPOSITORY_TEXT SLUG_TEXT BRANCH_TEXT   what stands in the fields
  REPOSITORY_WRONG SLUG_WRONG BRANCH_WRONG   sections: FIELD_ERROR
  REPOSITORY_OPTION section, repeated: OPTION_TEXT, known repositories that one administers
}}<div class="head"><div><p class="crumb"><a href="{{BLOGS_URL}}">Blogs</a></p><h1>Connect a repository</h1><p>One that you administer at GitHub. Its hook is installed, and its first upload follows at once.</p></div></div>
{{#PROBLEM}}
<div class="note bad" role="alert"><h2>{{PROBLEM_TITLE}}</h2><p>{{>PROBLEM_TEXT}}</p></div>
{{/PROBLEM}}
<form method="post" action="{{ACT_URL}}" class="rows">
<input type="hidden" name="_csrf" value="{{CSRF}}">
<div class="field"><label for="repository">Repository</label><input id="repository" name="repository" value="{{REPOSITORY_TEXT}}" required maxlength="200" autocomplete="off" spellcheck="false" list="repositories"{{#REPOSITORY_WRONG}} aria-invalid="true" aria-describedby="repository-error"{{/REPOSITORY_WRONG}}>{{#REPOSITORY_WRONG}}<small class="err" id="repository-error">{{FIELD_ERROR}}</small>{{/REPOSITORY_WRONG}}<small>As ada/notes, or its address at GitHub.</small></div>
<datalist id="repositories">{{#REPOSITORY_OPTION}}<option value="{{OPTION_TEXT}}">{{/REPOSITORY_OPTION}}</datalist>
<div class="field"><label for="slug">Name of the blog</label><input id="slug" name="slug" value="{{SLUG_TEXT}}" maxlength="100" autocomplete="off" spellcheck="false"{{#SLUG_WRONG}} aria-invalid="true" aria-describedby="slug-error"{{/SLUG_WRONG}}>{{#SLUG_WRONG}}<small class="err" id="slug-error">{{FIELD_ERROR}}</small>{{/SLUG_WRONG}}<small>Empty: the repository’s.</small></div>
<div class="field"><label for="branch">Branch</label><input id="branch" name="branch" value="{{BRANCH_TEXT}}" maxlength="200" autocomplete="off" spellcheck="false"{{#BRANCH_WRONG}} aria-invalid="true" aria-describedby="branch-error"{{/BRANCH_WRONG}}>{{#BRANCH_WRONG}}<small class="err" id="branch-error">{{FIELD_ERROR}}</small>{{/BRANCH_WRONG}}<small>Empty: the default branch.</small></div>
<div class="acts"><button class="go">Connect</button><a class="btn" href="{{BLOGS_URL}}">Leave it</a></div>
</form>
