const list = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

const wordsOf = (text: string): Set<string> => new Set(text.trim().split(/\s+/));

/** Words of buttons, counters and badges; a short line of nothing else is part of the page, not of a comment. */
export const interfaceWords = wordsOf(`
  reply replies like likes liked dislike dislikes share shares report flag edit edited delete permalink link copy quote
  upvote upvotes downvote downvotes vote votes up down recommend recommended respect thanks follow following follower
  followers subscribe subscribed unsubscribe hide show more less view see load newest oldest best top popular sort sorted by
  first latest hot log login logged sign in register comment comments translate translation collapse expand minimize pinned
  order filter search picks threads expanded next prev previous parent root context favorite award
  pin moderator mod admin author op staff verified subscriber member contributor editor fan guest score points point rating
  reactions reaction helpful funny insightful avatar options menu save saved bookmark embed block ignore mute
  antworten antwort melden teilen gefällt mir bearbeiten zitieren kommentieren répondre réponse signaler partager
  responder respuesta denunciar compartir gusta ответить ответ пожаловаться поделиться нравится rispondi segnala
  condividi odpowiedz zgłoś udostępnij beantwoorden rapporteer відповісти поскаржитися
`);

/** Words that keep a line of interface words together but make none. */
export const interfaceFillers = wordsOf(
  'to this the it and or of on a an for all my your me i new was is not',
);

/** Whole lines, without case and final punctuation, that belong to the page around comments. */
export const interfaceLines = new Set(
  list(`
  leave a comment
  leave a reply
  leave your comment
  leave a response
  post a comment
  post comment
  post your comment
  write a comment
  add a comment
  add your comment
  add yours
  add comment
  submit comment
  join the discussion
  join the conversation
  start the discussion
  what do you think
  be the first to comment
  no comments yet
  comments are closed
  commenting is closed
  this comment section is closed
  log in to reply
  log in to leave a comment
  log in to comment
  login to reply
  sign in to reply
  sign in to comment
  please log in to leave a comment
  you must be logged in to post a comment
  you must log in to post a comment
  log in with
  privacy
  do not sell my data
  add disqus to your site
  most relevant
  or sign up with disqus
  sort by newest
  sort by oldest
  sort by best
  sort by newest first
  newest first
  oldest first
  most recent
  most liked
  most recommended
  best rated
  worst rated
  most replied
  all
  have your say
  comments are open
  facebook
  twitter
  tweet
  whatsapp
  pinterest
  linkedin
  disqus' privacy policy
  reader picks
  editors' picks
  load more comments
  load more
  show more comments
  show more replies
  view more comments
  view all comments
  see more
  see more comments
  read more
  show less
  this comment was edited
  this comment has been edited
  edited by author
  edited by moderator
  report abuse
  report comment
  flag as inappropriate
  link to this comment
  copy link
  view profile
  view replies
  hide replies
  see translation
  top comment
  top commenter
  top contributor
  top fan
  new comment
  pinned comment
  pinned by moderator
  community guidelines
  comment policy
  comments policy
  your comment is awaiting moderation
  awaiting moderation
  original poster
  profile picture
  user avatar
  advertisement
  loading
  name
  email
  website
  subscribe to comments
  notify me of new comments
  notify me of follow-up comments by email
  post reply
  cancel reply
  click here to cancel reply
  an mir vorbei
  alle kommentare anzeigen
  laisser un commentaire
  deja un comentario
  оставить комментарий
  показать ещё
`),
);

/** Beginnings of lines with which what follows the comments starts. */
export const footerBeginnings = list(`
  related posts
  related articles
  related stories
  related news
  related content
  related topics
  related:
  you may also like
  you might also like
  you might like
  more from
  more on this
  more stories
  more news
  more in
  most read
  most popular
  most viewed
  recent posts
  recent comments
  recent articles
  latest news
  latest posts
  latest stories
  trending now
  popular posts
  recommended for you
  recommended stories
  recommended articles
  read next
  read also
  up next
  editor's picks
  previous post
  next post
  previous article
  next article
  post navigation
  about the author
  about us
  contact us
  follow us
  newsletter
  sign up for our newsletter
  sign up to our newsletter
  subscribe to our newsletter
  get our newsletter
  get the latest
  stay up to date
  this site uses cookies
  this website uses cookies
  we use cookies
  we and our partners
  by continuing to use
  cookie policy
  privacy policy
  terms of use
  comments are subject to our
  the views expressed are
  terms of service
  terms and conditions
  all rights reserved
  copyright
  ©
  (c) 20
  powered by
  this site uses akismet
  your email address will not be published
  required fields are marked
  save my name, email
  leave a reply
  leave a comment
  leave a response
  cancel reply
  post comment
  categories
  archives
  tags:
  tagged
  filed under
  advertise with us
  site map
  sitemap
  back to top
  share this
  ähnliche artikel
  articles similaires
  artículos relacionados
  похожие
  читайте также
`);

/** Words too common to be a person's name; a line of them is a remark ("So true"). */
export const commonWords = wordsOf(`
  a about absolutely actually after again against agree agreed ah all also always am amen an and another any anyone anything
  are as at awesome awful bad be because been before being best better big both bravo bs bullshit but by bye can cannot can't
  clear come completely congratulations cool correct could course crap definitely did didn't disagree disgraceful disgusting
  do does doesn't doing done don't down dream each either else enough even ever every everyone everything exactly excellent
  exactly facts fake false fantastic few finally fine first for from full funny garbage get give go going good great
  ha haha had has hardly have he hello her here hi him his hmm hope how i i'm if in indeed interesting into is isn't it it's
  its just keep know last laughable let lies like lmao lol look lots love made make many maybe me mine more most much must my
  naive need never nice no nobody none nonsense nope not nothing now of off oh ok okay old on one only or other our out over
  own peace people perfect please poor possibly pathetic precisely probably propaganda quite rather really ridiculous right
  rubbish sad said same say see shame shameful she should sigh simple sit so some someone something soon sorry spot stop stupid
  such sure surely take terrible than thank thanks that that's the their them then there these they they're thing think this
  those to told too total totally true truth try typical understand unfortunately up us very want war was way we well were
  what whatever when where which who whose why will wish with without won't wonderful wow would wrong yeah yep yes yet you
  your you're
`);
