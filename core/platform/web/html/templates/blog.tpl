{{%AUTOESCAPE context="HTML"}}{{!
What do readers see, is it the tip? It replaces itself while an upload or its webhook is under way.
  LIVE              section: PART_URL (with seen=<digest>) POLL_SECONDS
  BLOGS_URL         back to the list
  BLOG_NAME         "ada/notes"
  STATE_MARK STATE  set_state(): synced, behind, failed …
  BLOG_TEXT         include: part_sentence, e.g. "shows 9e6ca862 since 28 Nov 19:20; GitHub has 4be10c7d"
  ACTS              section: the reader may act: ACT_URL CSRF, and the sections
    PUBLISH         no names: it is connected
    INSTALL         no names: its webhook can be installed
  ASK               section: so it can, once GitHub was asked: ASK_URL
  MAY_DISCONNECT    section: DISCONNECT_URL, a page of its own
  OPEN              section: readers have an address: OPEN_URL
  PROBLEM           section: PROBLEM_MARK PROBLEM_TITLE, include PROBLEM_TEXT: part_sentence
  POSTS_TITLE       "61 posts, 3 drafts"
  NO_POSTS          section: include NO_POSTS_TEXT: part_sentence
  POSTS             section:
    POST            section, repeated: include POST_TITLE: part_sentence (a link where readers have one), POST_TEXT, POST_PATH
                    POST_DATE
  ALL_POSTS         section: ALL_POSTS_URL ALL_POSTS_WORDS ("All 64")
  UPLOADS           section:
    UPLOAD          section, repeated, newest first: UPLOAD_MARK UPLOAD_STATE UPLOAD_URL COMMIT TRIGGER CHANGES TOOK ENDED_UTC
                    ENDED
  FILE_ERRORS       section: FILE_ERRORS_TITLE, and FILE_ERROR, repeated: FILE_PLACE FILE_ERROR_TEXT
  FACTS             include: part_facts: repository, branch, folder, settings, last webhook, verified
  REDIRECTS         section: include REDIRECT_FACTS: part_facts
}}<div id="blog" class="live"{{#LIVE}} hx-get="{{PART_URL}}" hx-trigger="every {{POLL_SECONDS}}s" hx-swap="outerHTML"{{/LIVE}}>
<div class="head">
<div><p class="crumb"><a href="{{BLOGS_URL}}">Blogs</a></p><h1>{{BLOG_NAME}}</h1><div class="line"><span class="st {{STATE_MARK}}">{{STATE}}</span><span>{{>BLOG_TEXT}}</span></div></div>
<div class="acts">{{#ACTS}}<form class="acts" method="post" action="{{ACT_URL}}"><input type="hidden" name="_csrf" value="{{CSRF}}">{{#PUBLISH}}<button class="go" name="act" value="trigger">Publish now</button>{{/PUBLISH}}{{#INSTALL}}<button name="act" value="install_hook">Install webhook</button>{{/INSTALL}}</form>{{/ACTS}}{{#ASK}}<a class="btn" href="{{ASK_URL}}">Install webhook…</a>{{/ASK}}{{#OPEN}}<a class="btn" href="{{OPEN_URL}}">Open blog</a>{{/OPEN}}{{#MAY_DISCONNECT}}<a class="btn danger" href="{{DISCONNECT_URL}}">Disconnect…</a>{{/MAY_DISCONNECT}}</div>
</div>
{{#PROBLEM}}
<div class="note {{PROBLEM_MARK}}"><h2>{{PROBLEM_TITLE}}</h2><p>{{>PROBLEM_TEXT}}</p></div>
{{/PROBLEM}}
<div class="aside">
<div>
<section aria-labelledby="posts">
<header><h2 id="posts">{{POSTS_TITLE}}</h2><span class="soft">as readers see them</span></header>
{{#NO_POSTS}}
<p class="soft">{{>NO_POSTS_TEXT}}</p>
{{/NO_POSTS}}
{{#POSTS}}
<table aria-labelledby="posts">
<thead><tr><th scope="col">Title</th><th scope="col" class="md">Path</th><th scope="col" class="num">Date</th></tr></thead>
<tbody>
{{#POST}}
<tr><th scope="row" class="main">{{>POST_TITLE}}<small class="soft">{{POST_TEXT}}</small></th><td class="md"><code>{{POST_PATH}}</code></td><td class="num">{{POST_DATE}}</td></tr>
{{/POST}}
</tbody>
</table>
{{/POSTS}}
{{#ALL_POSTS}}
<p><a href="{{ALL_POSTS_URL}}">{{ALL_POSTS_WORDS}}</a></p>
{{/ALL_POSTS}}
</section>
{{#UPLOADS}}
<div class="scroll" role="region" tabindex="0" aria-label="Last uploads">
<table>
<caption>Last uploads</caption>
<thead><tr><th scope="col">State</th><th scope="col">Commit</th><th scope="col" class="md">Trigger</th><th scope="col" class="num">Changes</th><th scope="col" class="num lo">Took</th><th scope="col" class="num">Ended</th></tr></thead>
<tbody>
{{#UPLOAD}}
<tr><td><span class="st {{UPLOAD_MARK}}">{{UPLOAD_STATE}}</span></td><th scope="row" class="main"><a href="{{UPLOAD_URL}}"><code>{{COMMIT}}</code></a></th><td class="md">{{TRIGGER}}</td><td class="num">{{CHANGES}}</td><td class="num lo">{{TOOK}}</td><td class="num"><time datetime="{{ENDED_UTC}}">{{ENDED}}</time></td></tr>
{{/UPLOAD}}
</tbody>
</table>
</div>
{{/UPLOADS}}
{{#FILE_ERRORS}}
<section aria-labelledby="ferr"><header><h2 id="ferr">{{FILE_ERRORS_TITLE}}</h2><span class="soft">they keep their last good version</span></header>
<ul class="talk tight">
{{#FILE_ERROR}}
<li><code>{{FILE_PLACE}}</code><span>{{FILE_ERROR_TEXT}}</span></li>
{{/FILE_ERROR}}
</ul>
</section>
{{/FILE_ERRORS}}
</div>
<div>
<section aria-labelledby="source"><h2 id="source">Source</h2>
<dl class="kv">
{{>FACTS}}
</dl></section>
{{#REDIRECTS}}
<section aria-labelledby="redirects"><h2 id="redirects">Redirects</h2>
<dl class="kv">
{{>REDIRECT_FACTS}}
</dl></section>
{{/REDIRECTS}}
</div>
</div>
</div>
