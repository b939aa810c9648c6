export class PreviewComponent {
  constructor(private sanitizer: DomSanitizer) {}

  show(text: string, url: string) {
    // ruleid: angular-bypass-sanitizer
    this.html = this.sanitizer.bypassSecurityTrustHtml(text);
    // ruleid: angular-bypass-sanitizer
    this.frame = this.sanitizer.bypassSecurityTrustResourceUrl(url);
    // ok: angular-bypass-sanitizer
    this.icon = this.sanitizer.bypassSecurityTrustHtml('<svg></svg>');
    // ok: angular-bypass-sanitizer
    this.text = this.sanitizer.sanitize(SecurityContext.HTML, text);
  }
}
