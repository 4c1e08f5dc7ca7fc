// The search of the site runs in a worker, and browsers start none for pages that are opened from a folder. There it
// runs in a hidden frame instead. (Zensical would fetch such a script from the network if none were named like this.)
// As with a worker, what is said is copied, and nobody is answered while asking.
if (location.protocol === "file:") {
  window.Worker = class {
    constructor(url) {
      this.frame = document.createElement("iframe")
      this.frame.hidden = true
      document.body.appendChild(this.frame)
      const inside = this.frame.contentWindow
      inside.postMessage = said => this.say(said, data => this.onmessage && this.onmessage({ data }))
      const script = inside.document.createElement("script")
      script.src = url
      this.loaded = new Promise(resolve => (script.onload = resolve))
      script.onerror = event => this.onerror && this.onerror(event)
      inside.document.body.appendChild(script)
    }

    postMessage(said) {
      this.say(said, data => this.loaded.then(() => this.frame.contentWindow.onmessage({ data })))
    }

    say(said, hear) {
      const copy = structuredClone(said)
      setTimeout(() => hear(copy))
    }

    terminate() {
      this.frame.remove()
    }
  }
}
