{{%AUTOESCAPE context="HTML"}}{{!
Is anything mine to do?
  OVERVIEW_TITLE    e.g. "Ready, with 4 things to look at"
  OVERVIEW_TEXT     include: part_sentence
  NEEDS             section: something needs a person:
    NEED            section, repeated, worst first: NEED_MARK NEED_STATE ("3 failed"), NEED_URL NEED_TITLE, include
                    NEED_TEXT: part_sentence, ACT_URL ACT_WORDS, where a person acts
  FIRST_STEPS       section, of a new site or user: steps not done yet:
    FIRST_STEP      section, repeated: STEP_MARK STEP_STATE (done, next, then) STEP_TITLE, include STEP_TEXT:
                    part_sentence
      STEP_ACT      section: STEP_URL STEP_WORDS
  NOW               include, of operators: part_overview_now, which replaces itself
  BLOGS             section, of users: BLOGS_URL, and
    BLOG            section, repeated: BLOG_MARK BLOG_STATE BLOG_URL BLOG_NAME, include BLOG_TEXT: part_sentence,
                    UPLOADED_UTC UPLOADED
  UPLOADS           section, of users: UPLOADS_URL, and
    UPLOAD          section, repeated: UPLOAD_MARK UPLOAD_STATE UPLOAD_URL UPLOAD_TARGET, ENDED_UTC ENDED
}}<div class="head">
<div><h1>{{OVERVIEW_TITLE}}</h1><p>{{>OVERVIEW_TEXT}}</p></div>
</div>
{{#NEEDS}}
<section aria-labelledby="todo">
<h2 id="todo">Needs you</h2>
<ol class="todo">
{{#NEED}}
<li><span class="st {{NEED_MARK}}">{{NEED_STATE}}</span><div><a class="quiet" href="{{NEED_URL}}">{{NEED_TITLE}}</a><small class="soft"> {{>NEED_TEXT}}</small></div><a class="btn" href="{{ACT_URL}}">{{ACT_WORDS}}<span class="vh">: {{NEED_TITLE}}</span></a></li>
{{/NEED}}
</ol>
</section>
{{/NEEDS}}
{{#FIRST_STEPS}}
<section aria-labelledby="first">
<h2 id="first">First steps</h2>
<ol class="todo">
{{#FIRST_STEP}}
<li><span class="st {{STEP_MARK}}">{{STEP_STATE}}</span><div><strong>{{STEP_TITLE}}</strong><small class="soft"> {{>STEP_TEXT}}</small></div>{{#STEP_ACT}}<a class="btn" href="{{STEP_URL}}">{{STEP_WORDS}}</a>{{/STEP_ACT}}</li>
{{/FIRST_STEP}}
</ol>
</section>
{{/FIRST_STEPS}}
{{>NOW}}
{{#BLOGS}}
<section aria-labelledby="blogs">
<header><h2 id="blogs">Your blogs</h2><a href="{{BLOGS_URL}}">All</a></header>
<table class="stack" aria-labelledby="blogs" role="table">
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">State</th><th scope="col" role="columnheader">Blog</th><th scope="col" class="num" role="columnheader">Last upload</th></tr></thead>
<tbody role="rowgroup">
{{#BLOG}}
<tr role="row"><td role="cell"><span class="st {{BLOG_MARK}}">{{BLOG_STATE}}</span></td><th scope="row" class="main" role="rowheader"><a href="{{BLOG_URL}}">{{BLOG_NAME}}</a><small class="soft">{{>BLOG_TEXT}}</small></th><td class="num age" role="cell"><time datetime="{{UPLOADED_UTC}}" data-age>{{UPLOADED}}</time></td></tr>
{{/BLOG}}
</tbody>
</table>
</section>
{{/BLOGS}}
{{#UPLOADS}}
<section aria-labelledby="uploads">
<header><h2 id="uploads">Last uploads</h2><a href="{{UPLOADS_URL}}">All</a></header>
<table class="stack" aria-labelledby="uploads" role="table">
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">State</th><th scope="col" role="columnheader">Blog</th><th scope="col" class="num" role="columnheader">Ended</th></tr></thead>
<tbody role="rowgroup">
{{#UPLOAD}}
<tr role="row"><td role="cell"><span class="st {{UPLOAD_MARK}}">{{UPLOAD_STATE}}</span></td><th scope="row" class="main" role="rowheader"><a href="{{UPLOAD_URL}}">{{UPLOAD_TARGET}}</a></th><td class="num age" role="cell"><time datetime="{{ENDED_UTC}}" data-age>{{ENDED}}</time></td></tr>
{{/UPLOAD}}
</tbody>
</table>
</section>
{{/UPLOADS}}
