package main
import ("testing";"strings";"os";"bufio";"encoding/json";"time";"path/filepath";"fmt"
"careerbot/bot";"careerbot/bot/chat";"careerbot/bot/store")
func TestZZTry(t *testing.T){
 dir:="/tmp/zzstate"; os.MkdirAll(dir,0o755)
 lib,err:=bot.OpenLibrary(t.Context(),bot.LibraryConfig{Builtin:true}); if err!=nil{t.Fatal(err)}
 defer lib.Close()
 now:=time.Now().Add(-20*24*time.Hour)
 s,err:=store.Open(t.Context(),"sqlite:"+dir+"/c.db",store.Options{Now:func()time.Time{now=now.Add(20*time.Minute);return now}}); if err!=nil{t.Fatal(err)}
 b:=bot.New(lib,bot.WithJournal(s))
 files,_:=filepath.Glob("/work/shared/questions/*.jsonl"); files=append(files,"../../bot/eval/testdata/questions.jsonl")
 n:=0
 for _,f:=range files{ fh,_:=os.Open(f); sc:=bufio.NewScanner(fh); sc.Buffer(nil,1<<20)
  for sc.Scan(){ var q struct{ID string;Turns []string}; json.Unmarshal(sc.Bytes(),&q)
   for i,tx:=range q.Turns{ n++; id:=fmt.Sprint(n); a,err:=b.Ask(t.Context(),chat.Question{ID:id,Platform:"discord",User:fmt.Sprint(n%97),Text:tx,Thread:q.ID+filepath.Base(f)}); _=i
   if err!=nil{t.Log(err);continue}
   if n%11==0{ s.Vote(t.Context(),store.Vote{Answer:a.ID,User:"discord:x",Up:n%3!=0,Reason:strings.Repeat("too old",n%2)})}
   if n%50==0 {s.Flush(t.Context())}
  }}}
 if err:=s.Close();err!=nil{t.Fatal(err)}
 t.Log(n)
}
