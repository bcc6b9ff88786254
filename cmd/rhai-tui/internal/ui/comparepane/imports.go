package comparepane

// ImportsFrom makes the next scripts find their imports in a directory, on the sides whose
// settings say nothing about it.
func (p *Pane) ImportsFrom(dir string) {
	for i := range p.cfg.Settings {
		if s := &p.cfg.Settings[i]; s.Resolver == "" {
			s.Resolver = dir
		}
	}
}
